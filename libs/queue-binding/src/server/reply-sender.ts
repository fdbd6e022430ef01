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
 * Sends replies. A queue that has taken one is trusted: its next reply goes on the channel that delivered the request, before the
 * acknowledgement. Any other address gets its reply over a connection where it can do no harm, and the request is
 * acknowledged once the broker has taken the reply.
 */
export class ReplySender {
  readonly #first: FirstReplies;
  readonly #trusted = new LRUCache<string, true>({ max: 10_000 });
  /** Addresses that the broker has refused lately, and why. */
  readonly #refused = new LRUCache<string, ReplyRefused>({ max: 1_000, ttl: 60_000 });
  readonly #onReturned: (replyTo: string) => void;

  /** @param onReturned told of each reply that came back because its caller's queue has gone */
  constructor(connection: Connection, onReturned: (replyTo: string) => void = () => {}) {
    this.#first = new FirstReplies(connection);
    this.#onReturned = onReturned;
  }

  /**
   * Sends a reply and acknowledges its request: at once where the queue is trusted.
   *
   * @returns false if the channel that delivered the request is gone
   * @throws {ReplyRefused} if the broker refuses the address, now or within the last minute
   * @throws {RangeError} or {TypeError} if AMQP cannot carry the reply
   */
  send(delivery: Delivery, address: ReplyAddress, { body }: Finished<unknown>): boolean | Promise<boolean> {
    const envelope = envelopeFor(delivery, address);
    const trusted = address.exchange === "" && this.#trusted.get(address.routingKey);
    return trusted ? delivery.reply(envelope, body) : this.#introduce(delivery, address, envelope, body);
  }

  /** A trusted queue has gone: a reply came back. */
  returned(routingKey: string): void {
    this.#trusted.delete(routingKey);
    this.#onReturned(routingKey);
  }

  /** Trusts nobody any more: after a loss, a cluster may not know addresses that it knew. */
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

function envelopeFor(delivery: Delivery, { exchange, routingKey }: ReplyAddress): Envelope {
  const { properties } = delivery.message;
  const trace = replyTraceHeaders(properties);
  return {
    exchange,
    routingKey,
    // Brings back what no queue takes: its caller has gone. RabbitMQ takes a direct reply-to for no queue, and would bring
    // back each reply that has arrived: a tenth of the throughput.
    mandatory: !isDirect({ exchange, routingKey }),
    correlationId: delivery.id,
    contentType,
    headers: understandsBatches(properties) ? { ...trace, ...understands } : trace,
  };
}
