import type { ConsumeMessage, Options } from "amqplib";
import type { Context } from "@opentelemetry/api";
import type { Acknowledgements } from "./acknowledgements.ts";
import { attemptAfter, historyHeaders, historyOf, type History } from "../wire/attempts.ts";
import { decode, tooLarge } from "../wire/body.ts";
import type { Envelope, ChannelWriter } from "../wire/channel-writer.ts";
import { originalExchange, originalExpiration, originalRoutingKey } from "../wire/dead-letter.ts";
import { missingOf, ofRequest, type Properties } from "../wire/properties.ts";
import { contextOf, traceIdOf } from "../wire/trace-context.ts";

/** How a request ends. Each of these throws if the channel that delivered it is closed: an acknowledgement is valid on no other. */
export interface Settlement {
  /** Publishes the reply and acknowledges the request, in that order, on one channel. */
  reply(envelope: Envelope, body: string): void;
  acknowledge(): void;
  /** Back to the broker's queue, as it came. */
  requeue(): void;
  /** The reply as a message of its own, for another channel than the one that delivered the request. */
  asMessage(envelope: Envelope, body: string): { envelope: Envelope; body: string };
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

  asMessage(envelope: Envelope, body: string) {
    return { envelope, body };
  }
}

/**
 * Header of a request that is not in its first queue: when it expires, in milliseconds since 1970 by the servers' clocks.
 * RabbitMQ takes the expiration off what it moves from a retry queue to the request queue, and counts from anew in each queue.
 */
const expiresAt = "x-expires-at";

/** The largest expiration that RabbitMQ takes, in milliseconds. */
const longestExpiration = 2 ** 32 - 1;

/** What is known of a request's first publication. */
export interface Origin {
  readonly exchange: string;
  readonly routingKey: string;
  /** Milliseconds, as its sender wrote them. */
  readonly expiration: string | undefined;
}

/** A request as the broker delivered it. It can be settled once, on the channel that delivered it. */
export class Delivery {
  readonly message: ConsumeMessage;
  /** The trace that it belongs to. */
  readonly context: Context;
  /** What the reply carries so that its caller knows it. */
  readonly id: string | undefined;
  /** The tries before this one. */
  readonly history: History;
  readonly #settlement: Settlement;
  readonly #arrived: number;
  #origin: Origin | undefined;
  #state: "held" | "settled" | "given back" = "held";

  constructor(message: ConsumeMessage, settlement: Settlement, arrived = performance.now()) {
    this.message = message;
    const { correlationId, messageId } = message.properties as Properties;
    this.id = correlationId ?? messageId;
    this.history = historyOf(message.properties);
    this.context = contextOf(message.properties);
    this.#settlement = settlement;
    this.#arrived = arrived;
  }

  /** Which try this is, from 1. */
  get attempt(): number {
    return attemptAfter(this.history);
  }

  get content(): Buffer {
    return this.message.content;
  }

  get traceId(): string | undefined {
    return traceIdOf(this.context, this.message.properties);
  }

  /** What is asked, as it came. @param limit in bytes @throws {ValidationError} if it is no JSON in UTF-8, or larger */
  read(limit: number): unknown {
    const { bodySize } = this.message.properties as Properties;
    if (bodySize !== undefined) throw tooLarge("request", bodySize, limit);
    return decode("request", this.content, limit);
  }

  /** Where it was sent first, and for how many milliseconds its sender wanted to wait. */
  get origin(): Origin {
    return (this.#origin ??= this.#readOrigin());
  }

  #readOrigin(): Origin {
    const { fields, properties } = this.message;
    const { expiration, headers = {} } = properties as Properties;
    const { [originalExchange]: exchange, [originalRoutingKey]: routingKey } = headers;
    // Only a server puts a request into a queue by its name.
    if (fields.exchange !== "" || typeof exchange !== "string" || typeof routingKey !== "string")
      return { exchange: fields.exchange, routingKey: fields.routingKey, expiration };
    const { [originalExpiration]: first } = headers;
    return { exchange, routingKey, expiration: typeof first === "string" ? first : undefined };
  }

  /** Whether all of it is here: what is not cannot be put into another queue. */
  get complete(): boolean {
    return missingOf(this.message.properties) === undefined;
  }

  /** Milliseconds that it has been here. */
  get age(): number {
    return performance.now() - this.#arrived;
  }

  /** Milliseconds until its sender stops waiting; Infinity if it did not say. */
  get timeLeft(): number {
    const { expiration, headers } = this.message.properties as Properties;
    const at = headers?.[expiresAt];
    const left = typeof at === "number" ? at - Date.now() : Infinity;
    // An expiration that is no number never came from a broker: RabbitMQ refuses it.
    return expiration === undefined ? left : Math.min(left, Number(expiration) - this.age);
  }

  /** Whether it waited for longer than its sender allowed. */
  get expired(): boolean {
    return this.timeLeft < 0;
  }

  /**
   * Its properties for another queue, or its own again.
   *
   * @param delayed whether the broker moves it on from there, and takes its expiration off
   */
  again(history: History, delayed = false): Options.Publish {
    const { headers, ...others } = ofRequest(this.message.properties);
    const { batch, ...own } = headers;
    const { exchange, routingKey, expiration } = this.origin;
    const left = Math.min(Math.max(0, Math.ceil(this.timeLeft)), longestExpiration);
    const limited = this.timeLeft !== Infinity;
    return {
      ...others,
      persistent: true,
      ...(limited && !delayed && { expiration: left }),
      headers: {
        ...own,
        ...historyHeaders(history),
        [originalExchange]: exchange,
        [originalRoutingKey]: routingKey,
        ...(expiration !== undefined && { [originalExpiration]: expiration }),
        ...(limited && { [expiresAt]: Date.now() + left }),
      },
    };
  }

  /**
   * @returns false if the channel is gone, here and below: then the broker delivers the request again, to whoever listens
   * @throws if the reply is one that AMQP cannot carry; then the delivery is to be settled in another way
   */
  reply(envelope: Envelope, body: string): boolean {
    return this.#settle(() => this.#settlement.reply(envelope, body));
  }

  asMessage(envelope: Envelope, body: string) {
    return this.#settlement.asMessage(envelope, body);
  }

  acknowledge(): boolean {
    return this.#settle(() => this.#settlement.acknowledge());
  }

  requeue(): boolean {
    return this.#settle(() => this.#settlement.requeue());
  }

  /** Acknowledges it because it is in another queue: whatever a handler still makes of it has no effect. */
  givenBack(): boolean {
    const done = this.acknowledge();
    this.#state = "given back";
    return done;
  }

  #settle(send: () => void): boolean {
    if (this.#state === "given back") return false;
    if (this.#state === "settled") throw new Error("this delivery was settled before");
    try {
      send();
    } catch (error) {
      // What AMQP cannot carry is no matter of the channel: the delivery is still to be settled.
      if (error instanceof RangeError || error instanceof TypeError) throw error;
      this.#state = "settled";
      return false;
    }
    this.#state = "settled";
    return true;
  }
}
