import type { Options } from "amqplib";
import type { Connection } from "../connection/connection.ts";
import { ConfirmedPublisher, Unrouted } from "../connection/confirmed-publisher.ts";
import { quarantineQueue, retryQueue, type Topology } from "../connection/topology.ts";
import type { Conversation } from "../conversation.ts";
import type { Delivery } from "./delivery.ts";

/**
 * Puts requests into other queues, or into their own again. Each method resolves once the broker has the request there;
 * only then it is acknowledged. In between it is in both: an answer may be computed twice, none is lost.
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

  /** Has a request that failed tried again after a delay, in milliseconds. @returns false if its channel is gone */
  async retry(delivery: Delivery, delay: number): Promise<boolean> {
    const { failed, lost } = delivery.history;
    const history = { failed: failed + 1, lost };
    const queue = retryQueue(this.#conversation, delay);
    const publish = () =>
      this.#publisher.publish(inQueue(queue), delivery.content, delivery.again(history, true));
    // Most farms need no retry queue: it is made when a request first fails.
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
   * Puts a request that a lost server held into the quarantine queue; into the request queue again where there is none.
   *
   * @param begun whether it was worked on, not only held beside others
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

  /** Puts a request back into the request queue, as if it had not been here. @returns false if its channel is gone */
  async giveBack(delivery: Delivery): Promise<boolean> {
    const { queue } = this.#conversation;
    await this.#publisher.publish(inQueue(queue), delivery.content, delivery.again(delivery.history));
    return delivery.givenBack();
  }

  /** Keeps something as a dead letter; its queue is made anew if somebody has deleted it. */
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

  /** Publishes; where no queue takes it, declares the queue first. @returns false if the queue cannot be declared */
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
