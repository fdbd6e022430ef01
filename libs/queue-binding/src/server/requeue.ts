import type { Options } from "amqplib";
import type { Connection } from "../connection/connection.ts";
import { ConfirmedPublisher, Unrouted } from "../connection/confirmed-publisher.ts";
import { quarantineQueue, retryQueue, type Topology } from "../connection/topology.ts";
import type { Conversation } from "../conversation.ts";
import type { Delivery } from "./delivery.ts";

/**
 * Publishes requests to other queues, or to their own again. The delivery is acknowledged only after the broker has confirmed
 * the new message. A fault in between leaves both: the request may be handled twice, but it is never lost.
 */
export class Requeue {
  readonly #conversation: Conversation;
  readonly #topology: Topology;
  readonly #publisher: ConfirmedPublisher;

  constructor(connection: Connection, conversation: Conversation, topology: Topology) {
    this.#conversation = conversation;
    this.#topology = topology;
    this.#publisher = new ConfirmedPublisher(connection, "dead letters and requests that are tried again");
  }

  /** Publishes a failed request to a retry queue. @param delay in milliseconds @returns false if its channel is closed */
  async retry(delivery: Delivery, delay: number): Promise<boolean> {
    const { failed, lost } = delivery.history;
    const history = { failed: failed + 1, lost };
    const queue = retryQueue(this.#conversation, delay);
    const publish = () =>
      this.#publisher.publish(inQueue(queue), delivery.content, delivery.again(history, true));
    // Most farms never need a retry queue. It is declared when the first request fails.
    if (!(await this.#unless(publish, () => this.#topology.declareRetry(delay)))) {
      await this.#publisher.publish(
        inQueue(this.#conversation.queue),
        delivery.content,
        delivery.again(history),
      );
    }
    return delivery.acknowledge();
  }

  /**
   * Publishes a request that a lost server held to the quarantine queue, or to the request queue if there is none.
   *
   * @param begun whether that server was working on it, not only holding it
   */
  async quarantine(delivery: Delivery, begun: boolean, available: boolean): Promise<boolean> {
    const { failed, lost } = delivery.history;
    const { queue } = this.#conversation;
    const publish = (queue: string, lost: number) =>
      this.#publisher.publish(inQueue(queue), delivery.content, delivery.again({ failed, lost }));
    const aside = () => publish(quarantineQueue(this.#conversation), begun ? lost + 1 : Math.max(1, lost));
    const declare = () => this.#topology.declareQuarantine();
    if (!available || !(await this.#unless(aside, declare))) await publish(queue, lost + 1);
    return delivery.acknowledge();
  }

  /** Returns a request to the request queue, without counting a try. @returns false if its channel is closed */
  async giveBack(delivery: Delivery): Promise<boolean> {
    const { queue } = this.#conversation;
    await this.#publisher.publish(inQueue(queue), delivery.content, delivery.again(delivery.history));
    return delivery.givenBack(() => delivery.acknowledge());
  }

  /** Publishes a dead letter. Declares its queue again if somebody has deleted it. */
  async deadLetter(content: Buffer, properties: Options.Publish): Promise<void> {
    const publish = () =>
      this.#publisher.publish(inQueue(this.#conversation.deadLetter), content, properties);
    await this.#unless(publish, async () => {
      await this.#topology.declareDeadLetters();
      return true;
    });
  }

  async close(): Promise<void> {
    await this.#publisher.close();
  }

  /** Publishes. If the queue is missing, declares it and publishes again. @returns false if it cannot be declared */
  async #unless(publish: () => Promise<void>, declare: () => Promise<boolean>): Promise<boolean> {
    try {
      await publish();
      return true;
    } catch (error) {
      if (!(error instanceof Unrouted)) throw error;
    }
    if (!(await declare())) return false;
    await publish();
    return true;
  }
}

/** The address of a queue by its name: a routing key on the default exchange. */
const inQueue = (queue: string) => ({ exchange: "", routingKey: queue });
