import type { ConsumeMessage } from "amqplib";
import type { Acknowledgements } from "./acknowledgements.ts";
import { Delivery, type Settlement } from "./delivery.ts";
import { batched, partsOf, split, valuesIn, type Part, type PartRead } from "../wire/batch.ts";
import type { ChannelWriter, Envelope } from "../wire/channel-writer.ts";
import type { Properties } from "../wire/properties.ts";

/** The channel that delivered a batch, and the size of its replies. */
interface BatchOptions {
  readonly writer: ChannelWriter;
  readonly acknowledgements: Acknowledgements;
  /** Largest message of replies, in bytes. */
  readonly maxReply: number;
}

/**
 * The questions of one message. Each is a separate delivery. The message is acknowledged when all are settled.
 */
export class Batch {
  /** Its questions. Each is to be settled. */
  readonly deliveries: readonly Delivery[];
  readonly #message: ConsumeMessage;
  readonly #options: BatchOptions;
  /** The questions as they were written. */
  #values: readonly Buffer[] | undefined;
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

  /** @param maxBody in bytes @returns nothing if the message is a single request, or not a valid batch */
  static from(message: ConsumeMessage, maxBody: number, options: BatchOptions): Batch | undefined {
    const parts = partsOf("request", message, maxBody);
    return parts?.length ? new Batch(message, parts, options) : undefined;
  }

  /** A question's body, as it came. */
  body(index: number): Buffer {
    this.#values ??= valuesIn(this.#message.content);
    return this.#values[index] ?? Buffer.alloc(0);
  }

  /** Messages with the replies to some of its questions: batches, or single ones if the batch's id cannot be written. */
  *messages(replies: readonly Part[], envelope: Envelope): Iterable<{ envelope: Envelope; body: string }> {
    const { correlationId } = this.#message.properties as Properties;
    // Decoding replaces each invalid byte by three bytes of UTF-8, so that the id may have become too long.
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
    // Replies of one turn travel together. They do not wait for slower questions.
    if (!this.#soon) this.#options.writer.soon(() => this.#turn());
    this.#soon = true;
    this.#open -= 1;
  }

  /** Notes that a question could not be settled. The whole message will be requeued, and its questions handled again. */
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
