import type { ConsumeMessage } from "amqplib";
import type { Context } from "@opentelemetry/api";
import type { Acknowledgements } from "./acknowledgements.ts";
import { decode, tooLarge } from "../wire/body.ts";
import type { Envelope, ChannelWriter } from "../wire/channel-writer.ts";
import { maxAttempts } from "../connection/topology.ts";
import { originalExchange, originalRoutingKey } from "../wire/dead-letter.ts";
import type { Properties } from "../wire/properties.ts";
import { contextOf } from "../wire/trace-context.ts";

/** How a request ends. Each of these throws if the channel that delivered it is closed: an acknowledgement is valid on no other. */
export interface Settlement {
  /** Publishes the reply and acknowledges the request, in that order, on one channel. */
  reply(envelope: Envelope, body: string): void;
  acknowledge(): void;
  /** Back to the broker's queue, for any worker. */
  requeue(): void;
  /** Off the queue, to its dead-letter exchange. */
  reject(): void;
}

/** The end of a request that came by itself. */
export class SingleDelivery implements Settlement {
  readonly #message: ConsumeMessage;
  readonly #writer: ChannelWriter;
  readonly #acknowledgements: Acknowledgements;

  constructor(message: ConsumeMessage, writer: ChannelWriter, acknowledgements: Acknowledgements) {
    this.#message = message;
    this.#writer = writer;
    this.#acknowledgements = acknowledgements;
  }

  reply(envelope: Envelope, body: string): void {
    this.#writer.publish(envelope, body);
    this.#acknowledgements.finished(this.#message);
  }

  acknowledge(): void {
    this.#acknowledgements.finished(this.#message);
  }

  requeue(): void {
    this.#acknowledgements.rejected(this.#message, true);
  }

  reject(): void {
    this.#acknowledgements.rejected(this.#message, false);
  }
}

/** A request as the broker delivered it. It can be settled once, on the channel that delivered it. */
export class Delivery {
  readonly message: ConsumeMessage;
  /** The trace that it belongs to. */
  readonly context: Context;
  /** What the reply carries so that its caller knows it. */
  readonly id: string | undefined;
  /** Which try this is, from 1. */
  readonly attempt: number;
  readonly #settlement: Settlement;
  readonly #arrived = performance.now();
  #settled = false;

  constructor(message: ConsumeMessage, settlement: Settlement) {
    this.message = message;
    const { correlationId, messageId } = message.properties as Properties;
    this.id = correlationId ?? messageId;
    this.attempt = attemptOf(message);
    this.context = contextOf(message.properties);
    this.#settlement = settlement;
  }

  get content(): Buffer {
    return this.message.content;
  }

  /** What is asked, as it came. @param limit in bytes @throws {ValidationError} if it is no JSON in UTF-8, or larger */
  read(limit: number): unknown {
    const { bodySize } = this.message.properties as Properties;
    if (bodySize !== undefined) throw tooLarge("request", bodySize, limit);
    return decode("request", this.content, limit);
  }

  /** Where it was sent. One that came back from a batch by itself tells where the batch was. */
  get origin(): Pick<ConsumeMessage["fields"], "exchange" | "routingKey"> {
    const { fields, properties } = this.message;
    const { headers = {} } = properties as Properties;
    const { [originalExchange]: exchange, [originalRoutingKey]: routingKey } = headers;
    const known = typeof exchange === "string" && typeof routingKey === "string";
    return known && headers[triedBefore] !== undefined ? { exchange, routingKey } : fields;
  }

  /** Whether it waited in this process for longer than its sender allowed: milliseconds in `expiration`. */
  get expired(): boolean {
    const { expiration } = this.message.properties as Properties;
    // An expiration that is no number never came from a broker: RabbitMQ refuses it.
    return expiration !== undefined && performance.now() - this.#arrived > Number(expiration);
  }

  /**
   * @returns false if the channel is gone, here and below: then the broker delivers the request again, to whoever listens
   * @throws if the reply is one that AMQP cannot carry; then the delivery is to be settled in another way
   */
  reply(envelope: Envelope, body: string): boolean {
    return this.#settle(() => this.#settlement.reply(envelope, body));
  }

  acknowledge(): boolean {
    return this.#settle(() => this.#settlement.acknowledge());
  }

  requeue(): boolean {
    return this.#settle(() => this.#settlement.requeue());
  }

  reject(): boolean {
    return this.#settle(() => this.#settlement.reject());
  }

  #settle(send: () => void): boolean {
    if (this.#settled) throw new Error("this delivery was settled before");
    try {
      send();
    } catch (error) {
      // What AMQP cannot carry is no matter of the channel: the delivery is still to be settled.
      if (error instanceof RangeError || error instanceof TypeError) throw error;
      this.#settled = true;
      return false;
    }
    this.#settled = true;
    return true;
  }
}

/** Header of a request that was tried in a batch and put into the queue by itself: how often. */
export const triedBefore = "x-tried";

/**
 * Which try a delivery is, from 1. A quorum queue counts: RabbitMQ 4 in `x-acquired-count`, 3.x in `x-delivery-count`.
 * A classic queue only tells that it is not the first; then it counts as the last of three.
 */
export function attemptOf({ properties, fields }: ConsumeMessage): number {
  const { headers } = properties as Properties;
  const counted: unknown = headers?.["x-acquired-count"] ?? headers?.["x-delivery-count"];
  // Anyone can write such headers into a message; the broker's own counts begin at 1.
  const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;
  const tried = headers?.[triedBefore];
  const before = isCount(tried) ? Math.min(tried, maxAttempts) : 0;
  if (isCount(counted)) return before + counted + 1;
  return fields.redelivered ? maxAttempts : before + 1;
}
