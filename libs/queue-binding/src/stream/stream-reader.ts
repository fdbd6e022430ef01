import { setTimeout as pause } from "node:timers/promises";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Channel, ConsumeMessage } from "amqplib";
import { checkFunction, checkNumber } from "../checks.ts";
import type { Connection } from "../connection/connection.ts";
import { RecoveringChannel } from "../connection/recovering-channel.ts";
import { validate, type Read } from "../conversation.ts";
import { describe, ValidationError } from "../errors.ts";
import { limitBodies } from "../wire/bounded-decoding.ts";
import { decode } from "../wire/body.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";
import { missingOf } from "../wire/properties.ts";
import { matches } from "../wire/routing-key.ts";
import { checkStream, declareStream, type Stream } from "./stream.ts";

/** Source of a message. */
export interface StreamSource {
  /** Routing key to which it was published. */
  readonly routingKey: string;
}

/** How a stream is read. */
export interface FollowOptions<Message> {
  /** Start of reading, in milliseconds before now. Slightly older messages may come, too. */
  readonly since: number;
  /** Called with each message, in the order of the stream. After a lost connection, messages since `since` come again. */
  readonly take: (message: Message, source: StreamSource) => void;
  /** Called with the error of each invalid message. Reading continues. */
  readonly malformed: (error: ValidationError, source: StreamSource) => void;
  /** Largest body that is read, in bytes. @default 64 KiB */
  readonly maxBody?: number;
}

/** Unacknowledged messages, at most. */
const prefetch = 500;
/** The reader has caught up when no message has come for so many milliseconds. */
const quiet = 150;
/** Milliseconds until the next try to open a stream that does not exist, or may not be read. */
const retryTime = 5_000;

/** Reads a stream from a time in the past on. It recovers after every lost connection. */
export class StreamReader<Message extends StandardSchemaV1> {
  readonly #connection: Connection;
  readonly #stream: Stream<Message>;
  readonly #options: FollowOptions<Read<Message>>;
  readonly #ended = new AbortController();
  #channel: RecoveringChannel | undefined;
  #lastDelivery = 0;
  #reading = false;
  #refused = false;

  constructor(connection: Connection, stream: Stream<Message>, options: FollowOptions<Read<Message>>) {
    checkStream(stream);
    checkNumber("since", (options as { since?: unknown } | undefined)?.since, {
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
    });
    checkFunction("take", options.take);
    checkFunction("malformed", options.malformed);
    this.#connection = connection;
    this.#stream = stream;
    this.#options = options;
    void this.#open();
  }

  /** Whether the stream is being read at present. */
  get reading(): boolean {
    return this.#reading;
  }

  /**
   * Resolves once the stream's messages have been read. The sign is that no message has come for a moment.
   *
   * @param timeout longest wait, in milliseconds
   * @returns false if they were not read within that time, or may not be read
   */
  async caughtUp(timeout: number): Promise<boolean> {
    const end = performance.now() + timeout;
    while (performance.now() < end && !this.#ended.signal.aborted && !this.#refused) {
      if (this.#reading && performance.now() - this.#lastDelivery >= quiet) return true;
      await pause(20);
    }
    return false;
  }

  /** Stops reading. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#reading = false;
    await this.#channel?.close();
  }

  /** Tries until it succeeds: the stream or the permission may be created later. */
  async #open(): Promise<void> {
    const { queue } = this.#stream;
    let told = "";
    while (!this.#ended.signal.aborted && !this.#connection.closed) {
      try {
        this.#channel = await RecoveringChannel.open(this.#connection, {
          purpose: `the stream ${queue}`,
          setUp: (channel, writer) => this.#setUp(channel, writer),
          lost: () => (this.#reading = false),
        });
        this.#refused = false;
        if (this.#ended.signal.aborted) await this.#channel.close();
        return;
      } catch (error) {
        const reason = describe(error);
        if (this.#connection.closed) return;
        this.#refused = true;
        if (reason !== told)
          this.#connection.log.warn({ queue, reason }, "the stream cannot be read, trying again");
        told = reason;
        await pause(retryTime, undefined, { signal: this.#ended.signal, ref: false }).catch(() => {});
      }
    }
  }

  async #setUp(channel: Channel, writer: ChannelWriter): Promise<void> {
    const { queue } = this.#stream;
    const { since, maxBody = 65_536 } = this.#options;
    // Readers rarely have the right to declare it, and the broker would log each try as an error.
    if (!(await this.#connection.counts(queue))) await declareStream(this.#connection, this.#stream);
    limitBodies(channel, maxBody);
    await channel.prefetch(prefetch);
    // A timestamp, not the last offset: a stream that was deleted and declared again begins at 0.
    const from = { "!": "timestamp", value: Math.floor((Date.now() - since) / 1_000) };
    const deliver = (message: ConsumeMessage | null) => {
      if (message) return this.#deliver(message, writer);
      // The broker has cancelled the consumer, because the queue was deleted. A new channel declares it again.
      writer.close();
      channel.close().catch(() => {});
    };
    await channel.consume(queue, deliver, { arguments: { "x-stream-offset": from } });
    this.#lastDelivery = performance.now();
    this.#reading = true;
    this.#connection.log.info({ queue }, "following the stream");
  }

  #deliver(message: ConsumeMessage, writer: ChannelWriter): void {
    const source = { routingKey: message.fields.routingKey };
    this.#lastDelivery = performance.now();
    try {
      this.#tell(message, source);
    } catch (error) {
      this.#connection.log.error({ error, ...source }, "a reader of the stream failed, and goes on");
    }
    this.#acknowledge(message, writer);
  }

  /** @throws the errors of `take` and `malformed` */
  #tell(message: ConsumeMessage, source: StreamSource): void {
    const { take, malformed } = this.#options;
    let read: Read<Message>;
    try {
      read = this.#read(message);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      return malformed(error, source);
    }
    take(read, source);
  }

  /** @throws {@link ValidationError} if it is not a valid message of this stream */
  #read({ fields: { exchange, routingKey }, properties, content }: ConsumeMessage): Read<Message> {
    const { maxBody = 65_536 } = this.#options;
    // A user who may publish replies may publish to any queue by its name. Only the broker writes the exchange of a delivery.
    if (exchange !== this.#stream.exchange) throw unfit(`it came by the exchange "${exchange}"`);
    const missing = missingOf(properties);
    if (missing !== undefined) throw unfit(missing);
    // RabbitMQ 3.10 does not check topic permissions for CC and BCC. The delivery carries the routing key that it did check.
    if (!matches(this.#stream.bindingKey, routingKey)) {
      throw unfit("it was published under another routing key, and copied here by CC or BCC");
    }
    return validate("message", this.#stream.message, decode("message", content, maxBody));
  }

  /** Makes room within the prefetch for the next message. */
  #acknowledge(message: ConsumeMessage, writer: ChannelWriter): void {
    writer.soon(() => {});
    writer.ack(message, false);
  }
}

const unfit = (message: string) => new ValidationError("message", [{ path: "", message }]);
