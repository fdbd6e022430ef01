import { Duplex } from "node:stream";
import type { Channel, ConsumeMessage } from "amqplib";
import { silent, type Log } from "../log.ts";
import type { Envelope } from "./envelope.ts";
import { Frames } from "./frames.ts";

export type { Envelope, Headers } from "./envelope.ts";

/**
 * Writes the frames of one channel. All frames of one turn of the event loop go to the socket in one write.
 *
 * amqplib makes one write per message, after five buffers and three streams. This class writes frames to the socket
 * directly: 1.4 times the requests per second at 64 in flight (docs/performance.md). All messages and settlements of a
 * channel must go this way, because amqplib sends its own frames a little later.
 */
export class ChannelWriter {
  readonly #channel: Channel;
  readonly #socket: Duplex | undefined;
  readonly #frames: Frames | undefined;
  #open = true;
  #scheduled = false;
  /** Unfinished writes. */
  #writes = 0;
  #before: (() => void)[] = [];

  /** @param log gets one line if frames cannot be written past amqplib */
  constructor(channel: Channel, log: Log = silent) {
    this.#channel = channel;
    const transport = transportOf(channel);
    if (typeof transport === "string") tellOnce(log, transport);
    else {
      const { socket, number, frameMax } = transport;
      this.#socket = socket;
      this.#frames = new Frames(number, frameMax, (bytes) => this.#write(bytes));
    }
    channel.once("close", () => (this.#open = false));
  }

  /** @throws if the channel is closed; a `RangeError` if a name or the headers are longer than AMQP allows */
  publish(envelope: Envelope, body: string): void {
    this.#wake();
    if (this.#frames) return this.#frames.publish(envelope, body);
    const { exchange, routingKey, headers, ...properties } = envelope;
    this.#channel.publish(exchange, routingKey, Buffer.from(body), { ...properties, headers });
  }

  /** Calls `work` once, before the frames of this turn are sent; it may write more. @throws if the channel is closed */
  soon(work: () => void): void {
    this.#wake();
    this.#before.push(work);
  }

  /** @param multiple acknowledges all earlier deliveries, too */
  ack(message: ConsumeMessage, multiple: boolean): void {
    if (this.#frames) this.#frames.ack(message.fields.deliveryTag, multiple);
    else this.#channel.ack(message, multiple);
  }

  /** @throws if the channel is closed */
  nack(message: ConsumeMessage, requeue: boolean): void {
    this.#wake();
    if (this.#frames) this.#frames.nack(message.fields.deliveryTag, requeue);
    else this.#channel.nack(message, false, requeue);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    // The broker has closed the channel. A new channel may have its number by now.
    if (!this.#open) return;
    for (const work of this.#before) work(); // may write further frames
    if (this.#before.length > 0) this.#before = [];
    const bytes = this.#frames?.take();
    if (bytes?.length) this.#write(bytes);
  };

  /** Sends the frames of this turn, and takes no more. Call it before the channel is closed. */
  close(): void {
    this.#flush();
    this.#open = false;
  }

  #write(bytes: Buffer): void {
    if (!this.#socket?.writable) return;
    this.#writes += 1;
    this.#socket.write(bytes, this.#written);
  }

  readonly #written = (): void => {
    this.#writes -= 1;
    if (this.#writes === 0) this.#frames?.reuse();
  };

  #wake(): void {
    if (!this.#open) throw new Error("the channel is closed");
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }
}

/** What frames of a channel are written with. */
interface Transport {
  readonly socket: Duplex;
  readonly number: number;
  /** Largest frame, in bytes. */
  readonly frameMax: number;
}

/**
 * The socket to which frames can be written past amqplib, or the reason why they cannot. amqplib may be a version with
 * other internals. Or it is instrumented: OpenTelemetry and others wrap `publish`, keep a reference to the original, and
 * must see every message.
 */
function transportOf(channel: Channel): Transport | string {
  // Not in amqplib's types, but there since its first version.
  const { connection, ch } = channel as unknown as {
    connection: { stream?: unknown; frameMax?: unknown };
    ch?: unknown;
  };
  const { stream: socket, frameMax } = connection;
  if (Object.hasOwn((channel as { publish: object }).publish, "__original")) return "amqplib is instrumented";
  if (!(socket instanceof Duplex) || typeof frameMax !== "number" || typeof ch !== "number") {
    return "this version of amqplib has its socket in another place";
  }
  return { socket, number: ch, frameMax };
}

const told = new WeakSet<Log>();

function tellOnce(log: Log, reason: string): void {
  if (told.has(log)) return;
  told.add(log);
  log.info({ reason }, "messages are written by amqplib itself: correct, but with fewer requests per second");
}
