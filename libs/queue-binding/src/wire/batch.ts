import type { ConsumeMessage, Options } from "amqplib";
import type { Acknowledgements } from "../server/acknowledgements.ts";
import { decode } from "./body.ts";
import { attemptOf, Delivery, triedBefore, type Settlement } from "../server/delivery.ts";
import { originalExchange, originalRoutingKey } from "./dead-letter.ts";
import { missingOf, ofRequest, type Properties } from "./properties.ts";
import type { Envelope, ChannelWriter } from "./channel-writer.ts";
import { maxAttempts } from "../connection/topology.ts";

// Many questions to one queue may travel in one message, and their replies in another: the broker's work is by the
// message. A batch's body is [[id, question], …] or [[id, reply], …]; its header `batch` tells how many. Who understands
// batches says so in the header `batches`, with the most that it takes: a client in its requests, a server in the replies to
// them. A server that does not understand one refuses it as a request that does not fit.

/** The most questions in one message. */
export const mostParts = 100;
/** The most bytes of questions in one message: half of what a server reads by default. */
const mostBytes = 32_768;

/** Header of who understands batches. */
export const understands = { "batch-limit": mostParts } as const;
export const understandsBatches = ({ headers }: Properties) => headers?.["batch-limit"] !== undefined;

/** One question or reply of a batch: its id, and its body as JSON. */
export interface Part {
  readonly id: string;
  readonly body: string;
}

/** One as it was read. */
type PartRead = readonly [id: string, value: unknown];

/** A message of many. */
export const batched = (parts: readonly Part[]) => ({
  headers: { batch: parts.length },
  body: `[${parts.map(({ id, body }) => `[${JSON.stringify(id)},${body}]`).join()}]`,
});

/** Splits what goes to one queue into messages, in order: at least one for each of its servers, so that all have work. */
export function split<One extends Part>(parts: readonly One[], servers: number): One[][] {
  const most = Math.min(mostParts, Math.ceil(parts.length / Math.max(1, servers)));
  const messages: One[][] = [];
  let bytes = Infinity;
  for (const part of parts) {
    const size = Buffer.byteLength(part.body) + part.id.length + 6;
    const last = messages.at(-1);
    if (last && last.length < most && bytes + size <= mostBytes) last.push(part);
    else messages.push([part]);
    bytes = messages.at(-1)?.length === 1 ? size : bytes + size;
  }
  return messages;
}

/** @returns nothing if it is no batch, or none that can be read */
export function partsOf(
  what: "request" | "reply",
  { properties, content }: Pick<ConsumeMessage, "properties" | "content">,
  limit = Infinity,
): readonly PartRead[] | undefined {
  if (!Number.isInteger((properties as Properties).headers?.["batch"]) || missingOf(properties))
    return undefined;
  let parts: unknown;
  try {
    parts = decode(what, content, limit);
  } catch {
    return undefined;
  }
  return Array.isArray(parts) && parts.length <= mostParts && parts.every(isPart) ? parts : undefined;
}

/** Its id must be one that a message could carry. */
const isPart = (part: unknown): part is PartRead =>
  Array.isArray(part) &&
  part.length === 2 &&
  typeof part[0] === "string" &&
  Buffer.byteLength(part[0]) <= 255;

/** What the questions of a batch need of the channel that delivered it. */
export interface BatchOptions {
  readonly writer: ChannelWriter;
  readonly acknowledgements: Acknowledgements;
  /** Puts a request into the queue again, by itself. Resolves once the broker has it. */
  readonly republish: (content: Buffer, properties: Options.Publish) => Promise<void>;
}

/**
 * The questions of one message. Each is a delivery of its own; the message is acknowledged when all are settled. One that
 * failed goes back to the queue alone; and a batch that a server died of is taken apart, so that one question's fate is its own.
 */
export class Batch {
  readonly #message: ConsumeMessage;
  readonly #options: BatchOptions;
  readonly #arrived = performance.now();
  readonly #parts: readonly BatchDelivery[];
  /** The questions read anew, where one is written again: a handler may have changed what it was given. */
  #asTheyCame: readonly PartRead[] | undefined;
  #open: number;
  #replies: Part[] = [];
  #envelope: Envelope | undefined;
  #soon = false;
  #stuck = false;

  private constructor(message: ConsumeMessage, parts: readonly PartRead[], options: BatchOptions) {
    this.#message = message;
    this.#options = options;
    this.#parts = parts.map((part, index) => new BatchDelivery(this, message, part, index));
    this.#open = parts.length;
  }

  /** @param maxBody in bytes @returns nothing if the message is a single request, or no batch that can be read */
  static from(message: ConsumeMessage, maxBody: number, options: BatchOptions): Batch | undefined {
    const { replyTo = "" } = message.properties as Properties;
    // Batched replies go to a queue, in one piece; elsewhere, nobody has said that they are understood.
    if (replyTo.includes("://")) return undefined;
    const parts = partsOf("request", message, maxBody);
    return parts?.length ? new Batch(message, parts, options) : undefined;
  }

  /** Its questions, each to be settled by itself; none if it was taken apart. */
  deliveries(): readonly Delivery[] {
    const died = attemptOf(this.#message) - 1;
    if (died === 0) return this.#parts;
    for (const part of this.#parts) void this.giveBack(part, died);
    return [];
  }

  /** A question's body as it came. @throws {RangeError} if it is nested thousands deep: that can be read, but not written */
  body(index: number): Buffer {
    this.#asTheyCame ??= partsOf("request", this.#message);
    return Buffer.from(JSON.stringify(this.#asTheyCame?.[index]?.[1]));
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

  /** Puts a question into the queue by itself. @param tried how often it was tried */
  async giveBack(part: BatchDelivery, tried: number): Promise<void> {
    const { expiration } = this.#message.properties as Properties;
    const { headers, ...others } = ofRequest(this.#message.properties);
    const { batch, ...own } = headers;
    const left = Math.max(0, Math.ceil(Number(expiration) - (performance.now() - this.#arrived)));
    const { id } = part;
    try {
      await this.#options.republish(part.content, {
        ...others,
        ...(id !== undefined && { correlationId: id }),
        ...(expiration !== undefined && { expiration: left }),
        headers: {
          ...own,
          [triedBefore]: tried,
          [originalExchange]: this.#message.fields.exchange,
          [originalRoutingKey]: this.#message.fields.routingKey,
        },
      });
    } catch {
      this.#stuck = true;
    }
    try {
      this.settled();
    } catch {
      // The channel is closed: the broker delivers the whole again.
    }
  }

  #turn(): void {
    this.#soon = false;
    try {
      if (this.#replies.length > 0) this.#send();
    } catch {
      this.#stuck = true; // an id or headers that AMQP cannot carry
    }
    if (this.#open > 0) return;
    const { acknowledgements } = this.#options;
    // What could not be sent or put into the queue comes back with the whole; if that does not help, the whole is a dead letter.
    if (this.#stuck) acknowledgements.rejected(this.#message, attemptOf(this.#message) < maxAttempts);
    else acknowledgements.finished(this.#message);
  }

  #send(): void {
    const { headers, body } = batched(this.#replies);
    const { correlationId } = this.#message.properties as Properties;
    this.#replies = [];
    const envelope = {
      ...this.#envelope,
      correlationId,
      headers: { ...this.#envelope?.headers, ...headers },
    };
    this.#options.writer.publish(envelope as Envelope, body);
  }
}

/** A question that came in a batch. */
export class BatchDelivery extends Delivery {
  readonly #body: () => Buffer;
  readonly #value: unknown;

  constructor(batch: Batch, message: ConsumeMessage, [id, value]: PartRead, index: number) {
    const { fields, properties, content } = message;
    const settlement: Settlement = {
      reply: (envelope, body) => batch.reply({ id, body }, envelope),
      acknowledge: () => batch.settled(),
      requeue: () => void batch.giveBack(this, 1),
      reject: () => void batch.giveBack(this, 1),
    };
    super({ fields, properties: { ...properties, correlationId: id }, content }, settlement);
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
