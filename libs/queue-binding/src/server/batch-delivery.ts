import type { ConsumeMessage } from "amqplib";
import type { Acknowledgements } from "./acknowledgements.ts";
import { Delivery, type Settlement } from "./delivery.ts";
import { batched, partsOf, split, valuesIn, type Part, type PartRead } from "../wire/batch.ts";
import type { ChannelWriter, Envelope } from "../wire/channel-writer.ts";
import type { Properties } from "../wire/properties.ts";

/** What the questions of a batch need of the channel that delivered it. */
export interface BatchOptions {
  readonly writer: ChannelWriter;
  readonly acknowledgements: Acknowledgements;
  /** The most bytes of replies in one message. */
  readonly maxReply: number;
}

/**
 * The questions of one message. Each is a delivery of its own, with its own fate; the message is acknowledged when all are
 * settled.
 */
export class Batch {
  /** Its questions, each to be settled by itself. */
  readonly deliveries: readonly Delivery[];
  readonly #message: ConsumeMessage;
  readonly #options: BatchOptions;
  /** The questions as they were written. */
  #values: string[] | undefined;
  #open: number;
  #replies: Part[] = [];
  #envelope: Envelope | undefined;
  #soon = false;
  #stuck = false;

  private constructor(message: ConsumeMessage, parts: readonly PartRead[], options: BatchOptions) {
    this.#message = message;
    this.#options = options;
    this.#open = parts.length;
    const arrived = performance.now();
    this.deliveries = parts.map((part, index) => new BatchDelivery(this, message, part, index, arrived));
  }

  /** @param maxBody in bytes @returns nothing if the message is a single request, or no batch that can be read */
  static from(message: ConsumeMessage, maxBody: number, options: BatchOptions): Batch | undefined {
    const parts = partsOf("request", message, maxBody);
    return parts?.length ? new Batch(message, parts, options) : undefined;
  }

  /** A question's body, as it came. */
  body(index: number): Buffer {
    this.#values ??= valuesIn(this.#message.content.toString());
    return Buffer.from(this.#values[index] ?? "");
  }

  /** Replies to some of its questions, in one message if its id can be written. */
  *messages(replies: readonly Part[], envelope: Envelope): Iterable<{ envelope: Envelope; body: string }> {
    const { correlationId } = this.#message.properties as Properties;
    // Bytes that are no UTF-8 become three each when they are read: the id may be too long now.
    if (Buffer.byteLength(correlationId ?? "") > 255) {
      for (const { id, body } of replies) yield { envelope: { ...envelope, correlationId: id }, body };
      return;
    }
    for (const some of split(replies, 1, this.#options.maxReply)) {
      const { headers, body } = batched(some);
      yield { envelope: { ...envelope, correlationId, headers: { ...envelope.headers, ...headers } }, body };
    }
  }

  /** @throws if the channel is closed */
  reply(part: Part, envelope: Envelope): void {
    this.settled();
    this.#replies.push(part);
    this.#envelope = envelope;
  }

  /** @throws if the channel is closed */
  settled(): void {
    // Replies of one turn travel together; they do not wait for those that take longer.
    if (!this.#soon) this.#options.writer.soon(() => this.#turn());
    this.#soon = true;
    this.#open -= 1;
  }

  /** One of its questions has found no other way: the whole comes back from the broker, and is taken apart. */
  stuck(): void {
    this.settled();
    this.#stuck = true;
  }

  #turn(): void {
    this.#soon = false;
    try {
      if (this.#replies.length > 0) this.#send();
    } catch {
      this.#stuck = true; // headers that AMQP cannot carry
    }
    if (this.#open > 0) return;
    const { acknowledgements } = this.#options;
    if (this.#stuck) acknowledgements.rejected(this.#message, true);
    else acknowledgements.finished(this.#message);
  }

  #send(): void {
    const replies = this.#replies;
    this.#replies = [];
    for (const { envelope, body } of this.messages(replies, this.#envelope as Envelope))
      this.#options.writer.publish(envelope, body);
  }
}

/** A question that came in a batch. */
class BatchDelivery extends Delivery {
  readonly #body: () => Buffer;
  readonly #value: unknown;

  constructor(batch: Batch, message: ConsumeMessage, [id, value]: PartRead, index: number, arrived: number) {
    const { fields, properties, content } = message;
    const settlement: Settlement = {
      reply: (envelope, body) => batch.reply({ id, body }, envelope),
      acknowledge: () => batch.settled(),
      requeue: () => batch.stuck(),
      asMessage: (envelope, body) => [...batch.messages([{ id, body }], envelope)][0] ?? { envelope, body },
    };
    super({ fields, properties: { ...properties, correlationId: id }, content }, settlement, arrived);
    this.#body = () => batch.body(index);
    this.#value = value;
  }

  override get content(): Buffer {
    return this.#body();
  }

  override read(): unknown {
    return this.#value;
  }
}
