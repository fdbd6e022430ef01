import { LRUCache } from "lru-cache";
import type { Delivery } from "./delivery.ts";
import { FirstReplies, isDirect, ReplyRefused } from "./first-replies.ts";
import type { Finished } from "./answerer.ts";
import type { Connection } from "../connection/connection.ts";
import { Unrouted } from "../connection/confirmed-publisher.ts";
import { understands, understandsBatches } from "../wire/batch.ts";
import { contentType } from "../wire/body.ts";
import type { Envelope } from "../wire/channel-writer.ts";
import type { ReplyAddress } from "../wire/reply-address.ts";
import { replyTraceHeaders } from "../wire/trace-context.ts";

/**
 * Sends replies. A queue that has taken one reply is trusted: its next reply goes on the channel that delivered the request,
 * before the acknowledgement. The reply to any other address goes over a separate connection, because it may make the broker
 * close it. Its request is acknowledged once the broker has confirmed the reply.
 */
export class ReplySender {
  readonly #first: FirstReplies;
  readonly #trusted = new LRUCache<string, true>({ max: 10_000 });
  /** Addresses that the broker has refused within the last minute, with its reason. */
  readonly #refused = new LRUCache<string, ReplyRefused>({ max: 1_000, ttl: 60_000 });
  readonly #onReturned: (replyTo: string) => void;

  /** @param onReturned called for each reply that the broker returned because its caller's queue does not exist any more */
  constructor(connection: Connection, onReturned: (replyTo: string) => void = () => {}) {
    this.#first = new FirstReplies(connection);
    this.#onReturned = onReturned;
  }

  /**
   * Sends a reply and acknowledges its request, without a wait if the queue is trusted.
   *
   * @returns false if the channel that delivered the request is closed
   * @throws {ReplyRefused} if the broker refuses the address, now or within the last minute
   * @throws {RangeError} or {TypeError} if AMQP cannot carry the reply
   */
  send(delivery: Delivery, address: ReplyAddress, { body }: Finished<unknown>): boolean | Promise<boolean> {
    const envelope = envelopeFor(delivery, address);
    const trusted = address.exchange === "" && this.#trusted.get(address.routingKey);
    return trusted ? delivery.reply(envelope, body) : this.#introduce(delivery, address, envelope, body);
  }

  /** Notes that the broker has returned a reply: a trusted queue does not exist any more. */
  returned(routingKey: string): void {
    this.#trusted.delete(routingKey);
    this.#onReturned(routingKey);
  }

  /** Trusts no queue any more: after a loss, a cluster may not know an address that it knew before. */
  forget(): void {
    this.#trusted.clear();
  }

  close(): Promise<void> {
    return this.#first.close();
  }

  async #introduce(
    delivery: Delivery,
    address: ReplyAddress,
    envelope: Envelope,
    text: string,
  ): Promise<boolean> {
    const name = JSON.stringify(address);
    const refused = this.#refused.get(name);
    if (refused) throw refused;
    const { envelope: own, body } = delivery.asMessage(envelope, text);
    const { exchange, routingKey, mandatory, ...properties } = own;
    try {
      await this.#first.send({ exchange, routingKey }, Buffer.from(body), properties);
      if (exchange === "") this.#trusted.set(routingKey, true);
    } catch (error) {
      if (error instanceof ReplyRefused) this.#refused.set(name, error);
      if (!(error instanceof Unrouted)) throw error;
      this.#onReturned(routingKey);
    }
    return delivery.acknowledge();
  }
}

/** Properties and address of the reply to a request. */
export function envelopeFor(delivery: Delivery, { exchange, routingKey }: ReplyAddress): Envelope {
  const { properties } = delivery.message;
  const trace = replyTraceHeaders(properties);
  return {
    exchange,
    routingKey,
    // The broker returns a mandatory reply if its caller's queue does not exist any more. It does not count a direct reply-to
    // as a queue, and would return each of those replies although it arrives. That costs a tenth of the throughput.
    mandatory: !isDirect({ exchange, routingKey }),
    correlationId: delivery.id,
    contentType,
    headers: understandsBatches(properties) ? { ...trace, ...understands } : trace,
  };
}
