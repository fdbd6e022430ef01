import type { ConsumeMessage, Options } from "amqplib";
import type { Context } from "@opentelemetry/api";
import type { Acknowledgements } from "./acknowledgements.ts";
import { attemptAfter, historyHeaders, historyOf, type History } from "../wire/attempts.ts";
import { decode, tooLarge } from "../wire/body.ts";
import type { Envelope, ChannelWriter } from "../wire/channel-writer.ts";
import { ownHeader } from "../wire/own-headers.ts";
import { longestExpiration, missingOf, ofRequest, type Properties } from "../wire/properties.ts";
import { contextOf, traceIdOf } from "../wire/trace-context.ts";

/** Ways to settle a delivery. Each throws if its channel is closed, because an acknowledgement is valid on no other channel. */
export interface Settlement {
  /** Publishes the reply and acknowledges the request, in that order, on one channel. */
  reply(envelope: Envelope, body: string): void;
  acknowledge(): void;
  /** Returns the message to its queue, unchanged. */
  requeue(): void;
  /** The reply as a separate message, for another channel. */
  asMessage(envelope: Envelope, body: string): { envelope: Envelope; body: string };
}

/** Settles a request that came alone in its message. */
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

/** The first publication of a request. */
interface Origin {
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
  /** Correlation id of the reply. */
  readonly id: string | undefined;
  /** Earlier tries. */
  readonly history: History;
  /** Milliseconds from its sending to its start. Nothing if it was not begun, or its sender does not tell the time. */
  wait: number | undefined;
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

  /** The decoded body. @param limit in bytes @throws {ValidationError} if the body is not JSON in UTF-8, or larger */
  read(limit: number): unknown {
    const { bodySize } = this.message.properties as Properties;
    if (bodySize !== undefined) throw tooLarge("request", bodySize, limit);
    return decode("request", this.content, limit);
  }

  /** Address and expiration of its first publication. */
  get origin(): Origin {
    return (this.#origin ??= this.#readOrigin());
  }

  #readOrigin(): Origin {
    const { fields, properties } = this.message;
    const { expiration, headers = {} } = properties as Properties;
    const { [ownHeader.exchange]: exchange, [ownHeader.routingKey]: routingKey } = headers;
    // These headers count only on the default exchange, to which only servers publish requests.
    if (fields.exchange !== "" || typeof exchange !== "string" || typeof routingKey !== "string")
      return { exchange: fields.exchange, routingKey: fields.routingKey, expiration };
    const { [ownHeader.expiration]: first } = headers;
    return { exchange, routingKey, expiration: typeof first === "string" ? first : undefined };
  }

  /** Whether body and headers were read completely. An incomplete request cannot be published again. */
  get complete(): boolean {
    return missingOf(this.message.properties) === undefined;
  }

  /** Milliseconds since its delivery. */
  get age(): number {
    return performance.now() - this.#arrived;
  }

  /** Milliseconds until its sender stops waiting; Infinity if it has no expiration. */
  get timeLeft(): number {
    const { expiration, headers } = this.message.properties as Properties;
    const at = headers?.[ownHeader.expiresAt];
    const left = typeof at === "number" ? at - Date.now() : Infinity;
    // The expiration is a number, because RabbitMQ refuses any other.
    return expiration === undefined ? left : Math.min(left, Number(expiration) - this.age);
  }

  /** Whether its sender has stopped waiting. */
  get expired(): boolean {
    return this.timeLeft < 0;
  }

  /**
   * Its properties for publishing it again.
   *
   * @param delayed whether it goes to a retry queue. RabbitMQ removes the expiration of a message that it moves from there
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
        [ownHeader.exchange]: exchange,
        [ownHeader.routingKey]: routingKey,
        ...(expiration !== undefined && { [ownHeader.expiration]: expiration }),
        ...(limited && { [ownHeader.expiresAt]: Date.now() + left }),
      },
    };
  }

  /**
   * @returns false if the channel is closed, as the methods below do; then the broker redelivers the request
   * @throws if AMQP cannot carry the reply; then the delivery is still to be settled
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

  /** Settles a request that this server does not finish. What its handler still does has no effect on it. */
  givenBack(settle: () => boolean): boolean {
    const done = settle();
    this.#state = "given back";
    return done;
  }

  get isGivenBack(): boolean {
    return this.#state === "given back";
  }

  #settle(send: () => void): boolean {
    if (this.#state === "given back") return false;
    if (this.#state === "settled") throw new Error("this delivery was settled before");
    try {
      send();
    } catch (error) {
      // AMQP cannot carry the reply. The channel is open, and the delivery is still to be settled.
      if (error instanceof RangeError || error instanceof TypeError) throw error;
      this.#state = "settled";
      return false;
    }
    this.#state = "settled";
    return true;
  }
}
