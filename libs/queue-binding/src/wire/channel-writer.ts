import { Duplex } from "node:stream";
import type { Channel, ConsumeMessage } from "amqplib";
import { silent, type Log } from "../log.ts";
import type { Envelope } from "./envelope.ts";
import { Frames } from "./frames.ts";

export type { Envelope, Headers } from "./envelope.ts";

/**
 * What one channel sends: all that is written in one turn of the event loop goes to the socket as one write.
 *
 * amqplib makes a write of every message, after five buffers and three streams. Here frames are written once, where the
 * socket takes them: 1.4 times the requests per second at 64 in flight (docs/performance.md). Messages and settlements
 * on one channel must all go this way, because amqplib's own frames are sent a little later.
 */
export class ChannelWriter {
  readonly #channel: Channel;
  readonly #socket: Duplex | undefined;
  readonly #frames: Frames | undefined;
  #open = true;
  #scheduled = false;
  /** Writes that the socket has not finished. */
  #writes = 0;
  #before: (() => void)[] = [];

  /** @param log is told once if frames cannot be written past amqplib */
  constructor(channel: Channel, log: Log = silent) {
    this.#channel = channel;
    const line = lineOf(channel);
    if (typeof line === "string") tellOnce(log, line);
    else {
      const { socket, number, frameMax } = line;
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

  /** Calls this, once, before what was written in this turn is sent: it may add to it. @throws if the channel is closed */
  soon(work: () => void): void {
    this.#wake();
    this.#before.push(work);
  }

  /** @param multiple with all that were delivered before it */
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

  #flush(): void {
    this.#scheduled = false;
    // The broker ignores what comes after it closed the channel; a successor may have its number.
    if (!this.#open) return;
    for (const work of this.#before) work(); // and what these add
    if (this.#before.length > 0) this.#before = [];
    const bytes = this.#frames?.take();
    if (bytes?.length) this.#write(bytes);
  }

  /** Sends what there is, and takes no more: for a channel that is about to be closed. */
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
    setImmediate(() => this.#flush());
  }
}

interface Line {
  readonly socket: Duplex;
  readonly number: number;
  /** Largest frame, in bytes. */
  readonly frameMax: number;
}

/**
 * Where frames can be written past amqplib, or why nowhere: it is not as we know it, or it is instrumented. Who has wrapped
 * `publish` (OpenTelemetry and others do, with a reference to the original) wants to see every message.
 */
function lineOf(channel: Channel): Line | string {
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
  log.info({ reason }, "every message is written by amqplib: correct, with fewer requests per second");
}
