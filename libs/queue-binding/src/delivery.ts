import type { Channel, ConsumeMessage, Options } from "amqplib";
import type { Context } from "@opentelemetry/api";
import { gather } from "./gather.ts";
import { contextOf } from "./trace-context.ts";

/** A request as the broker delivered it. It can be settled once, on the channel that delivered it. */
export class Delivery {
  readonly message: ConsumeMessage;
  /** The trace that it belongs to. */
  readonly context: Context;
  readonly #channel: Channel;
  readonly #arrived = performance.now();
  #settled = false;

  constructor(message: ConsumeMessage, channel: Channel) {
    this.message = message;
    this.context = contextOf(message.properties);
    this.#channel = channel;
  }

  /** What the reply carries so that its caller knows it. */
  get id(): string | undefined {
    const { correlationId, messageId } = this.message.properties as Properties;
    return correlationId ?? messageId;
  }

  /**
   * Which try this is, from 1. A quorum queue counts: RabbitMQ 4 in `x-acquired-count`, 3.x in `x-delivery-count`.
   * A classic queue only tells that it is not the first; then it counts as the last of three.
   */
  get attempt(): number {
    const { headers } = this.message.properties as Properties;
    const before: unknown = headers?.["x-acquired-count"] ?? headers?.["x-delivery-count"];
    // Anyone can write such a header into a message; the broker's own counts begin at 1.
    if (Number.isInteger(before) && (before as number) >= 1) return (before as number) + 1;
    return this.message.fields.redelivered ? 3 : 1;
  }

  /** Whether it waited in this process for longer than its sender allowed: milliseconds in `expiration`. */
  get expired(): boolean {
    const { expiration } = this.message.properties as Properties;
    // An expiration that is no number never came from a broker: RabbitMQ refuses it.
    return expiration !== undefined && performance.now() - this.#arrived > Number(expiration);
  }

  /** Publishes the reply and acknowledges the request, in that order, on one channel. @returns false if the channel is gone */
  reply(routingKey: string, body: Buffer, properties: Options.Publish): boolean {
    return this.#settle(() => {
      this.#channel.publish("", routingKey, body, properties);
      this.#channel.ack(this.message);
    });
  }

  /** @returns false if the channel is gone: then the broker delivers the request again, to whoever listens */
  acknowledge(): boolean {
    return this.#settle(() => this.#channel.ack(this.message));
  }

  /** Back to the broker's queue, for any worker. @returns false if the channel is gone */
  requeue(): boolean {
    return this.#settle(() => this.#channel.nack(this.message, false, true));
  }

  /** Off the queue, to its dead-letter exchange. @returns false if the channel is gone */
  reject(): boolean {
    return this.#settle(() => this.#channel.nack(this.message, false, false));
  }

  #settle(send: () => void): boolean {
    if (this.#settled) throw new Error("this delivery was settled before");
    this.#settled = true;
    try {
      send();
      gather(this.#channel);
      return true;
    } catch {
      // amqplib throws IllegalOperationError on a closed channel. An acknowledgement is valid on no other.
      return false;
    }
  }
}

/** The properties that matter here, as amqplib decodes them. */
export interface Properties {
  readonly correlationId?: string;
  readonly messageId?: string;
  readonly replyTo?: string;
  readonly expiration?: string;
  readonly userId?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}
