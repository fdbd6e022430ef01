import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import type { ConsumeMessage } from "amqplib";
import { Batch } from "./batch-delivery.ts";
import { Delivery, SingleDelivery } from "./delivery.ts";
import { LocalQueue } from "./local-queue.ts";
import type { ReplySender } from "./reply-sender.ts";
import type { Requeue } from "./requeue.ts";
import { Subscription, type Source } from "./subscription.ts";
import type { Connection } from "../connection/connection.ts";
import { quarantineQueue, type Topology } from "../connection/topology.ts";
import { replyNotAllowed, type Conversation } from "../conversation.ts";
import { AccessRefusedError, describe } from "../errors.ts";
import { isBatch } from "../wire/batch.ts";
import type { Properties } from "../wire/properties.ts";
import { parseReplyAddress } from "../wire/reply-address.ts";

interface IntakeOptions {
  /** AMQP prefetch: unsettled deliveries to this process, 1 to 65535. */
  readonly prefetch: number;
  /** Largest body that is read, and largest message of batched replies, in bytes. */
  readonly maxBody: number;
  readonly maxReply: number;
}

interface Services {
  readonly connection: Connection;
  readonly conversation: Conversation;
  readonly topology: Topology;
  readonly requeue: Requeue;
  readonly replies: ReplySender;
  /** Takes work that must end before the server closes its channels. */
  readonly track: (work: Promise<void>) => void;
}

/** Consumes the request queue and the quarantine queue, and puts their requests into local queues. */
export class Intake {
  /** Requests of the request queue. A caller that takes a request from this or the next queue must settle it. */
  readonly waiting = new LocalQueue<Delivery>();
  /** Requests of the quarantine queue, one at a time. Each must be begun at once. */
  readonly quarantined = new LocalQueue<Delivery>();
  /** Requests that this process puts into quarantine at present. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #services: Services;
  readonly #options: IntakeOptions;
  #requests!: Subscription;
  /** Nothing if this user may not declare or consume the queue. */
  #quarantine!: Promise<Subscription | undefined>;

  constructor(services: Services, options: IntakeOptions) {
    this.#services = services;
    this.#options = options;
  }

  /** @throws {AccessRefusedError} if the broker forbids it */
  async open(): Promise<void> {
    const { connection, conversation, topology, replies } = this.#services;
    this.#quarantine = this.#openQuarantine();
    this.#quarantine.catch(() => {}); // awaited below, unless the request queue fails first
    this.#requests = await Subscription.open(connection, {
      queue: conversation.queue,
      prefetch: this.#options.prefetch,
      maxBody: this.#options.maxBody,
      declare: () => topology.declare(),
      deliver: (message, source) => this.#take(message, source),
      lost: () => {
        this.waiting.clear();
        replies.forget();
      },
      returned: (routingKey) => replies.returned(routingKey),
    });
    await this.#quarantine;
  }

  get listening(): boolean {
    return this.#requests.listening;
  }

  /** Whether its channel is open, is being opened, or was closed on purpose. */
  get alive(): boolean {
    return this.#requests.alive;
  }

  /** Cancels the consumers. Requests that were delivered may still be taken. */
  async cancel(): Promise<void> {
    await Promise.all([this.#requests.cancel(), (await this.#quarantine)?.cancel()]);
    this.waiting.close();
    this.quarantined.close();
  }

  /** Takes all waiting requests, and closes the local queues. */
  clear(): Delivery[] {
    this.waiting.close();
    this.quarantined.close();
    return [...this.waiting.clear(), ...this.quarantined.clear()];
  }

  /** Closes the channels, after their settlements are sent. */
  async close(): Promise<void> {
    await Promise.all([this.#requests.close(), (await this.#quarantine)?.close()]);
  }

  /**
   * The quarantine queue delivers one request at a time, which is begun at once. So a server that is lost was working on the
   * one request that it held from there.
   */
  async #openQuarantine(): Promise<Subscription | undefined> {
    const queue = quarantineQueue(this.#services.conversation);
    try {
      if (!(await this.#services.topology.declareQuarantine())) return undefined;
      return await Subscription.open(this.#services.connection, {
        queue,
        prefetch: 1,
        maxBody: this.#options.maxBody,
        declare: () => this.#services.topology.declareQuarantine(),
        deliver: (message, source) => this.#takeQuarantined(message, source),
        lost: () => void this.quarantined.clear(),
        returned: (routingKey) => this.#services.replies.returned(routingKey),
      });
    } catch (error) {
      if (!(error instanceof AccessRefusedError)) throw error;
      this.#services.connection.log.warn(
        { queue, reason: error.message },
        "not allowed to read this queue: requests that a lost server held count as tried",
      );
      return undefined;
    }
  }

  #take(message: ConsumeMessage, source: Source): void {
    const deliveries = this.#deliveries(message, source);
    for (const delivery of deliveries) {
      // The server that had it before was lost, perhaps because of it. In the quarantine queue it is tried alone.
      if (message.fields.redelivered && delivery.complete) this.#leave(this.#setAside(delivery, false));
      else this.waiting.put(delivery);
    }
  }

  #takeQuarantined(message: ConsumeMessage, { writer, acknowledgements }: Source): void {
    const delivery = new Delivery(message, new SingleDelivery(message, writer, acknowledgements));
    if (message.fields.redelivered) this.#services.track(this.#setAside(delivery, true));
    else if (this.#leaving.size === 0) this.quarantined.put(delivery);
    else void Promise.all(this.#leaving).then(() => this.quarantined.put(delivery));
  }

  /**
   * Remembers a request that leaves the request queue, until its acknowledgement is on the socket. Its copy in quarantine may
   * come back to this process and end it: without the acknowledgement, the broker would deliver the original, too.
   */
  #leave(aside: Promise<void>): void {
    const left = aside.then(() => turn()).finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
    this.#services.track(left);
  }

  #deliveries(message: ConsumeMessage, source: Source): readonly Delivery[] {
    const { maxBody, maxReply } = this.#options;
    // A batch without a usable reply address becomes one dead letter, unchanged.
    const batch =
      isBatch(message.properties) &&
      this.#takesBatches((message.properties as Properties).replyTo) &&
      Batch.from(message, maxBody, { ...source, maxReply });
    if (batch) return batch.deliveries;
    return [new Delivery(message, new SingleDelivery(message, source.writer, source.acknowledgements))];
  }

  /** Batched replies go only to a queue. On another exchange, readers may not understand batches. */
  #takesBatches(replyTo: string | undefined): boolean {
    const address = parseReplyAddress(replyTo);
    return address?.exchange === "" && replyNotAllowed(this.#services.conversation, address) === undefined;
  }

  async #setAside(delivery: Delivery, begun: boolean): Promise<void> {
    try {
      const available = (await this.#quarantine) !== undefined;
      if (delivery.expired) delivery.acknowledge();
      else await this.#services.requeue.quarantine(delivery, begun, available);
    } catch (error) {
      this.#services.connection.log.error(
        { id: delivery.id, traceId: delivery.traceId, reason: describe(error) },
        "could not put a request into quarantine: it goes back to the broker",
      );
      await pause(1_000);
      delivery.requeue();
    }
  }
}
