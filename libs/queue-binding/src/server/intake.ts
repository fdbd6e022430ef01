import { setTimeout as pause } from "node:timers/promises";
import type { ConsumeMessage } from "amqplib";
import { Batch } from "./batch-delivery.ts";
import { Delivery, SingleDelivery } from "./delivery.ts";
import { LocalQueue } from "./local-queue.ts";
import type { ReplySender } from "./reply-sender.ts";
import type { Requeue } from "./requeue.ts";
import { Subscription, type Source } from "./subscription.ts";
import type { Connection } from "../connection/connection.ts";
import { quarantineQueue, type Topology } from "../connection/topology.ts";
import { mayReplyTo, type Conversation } from "../conversation.ts";
import { AccessRefusedError } from "../errors.ts";
import { describe } from "../wire/attempts.ts";
import { isBatch } from "../wire/batch.ts";
import type { Properties } from "../wire/properties.ts";
import { parseReplyAddress } from "../wire/reply-address.ts";

export interface IntakeOptions {
  /** How many unsettled messages the broker may have given to this process, 1 to 65535. */
  readonly prefetch: number;
  /** Largest body that is read, and most bytes of batched replies in one message. */
  readonly maxBody: number;
  readonly maxReply: number;
}

interface Services {
  readonly connection: Connection;
  readonly conversation: Conversation;
  readonly topology: Topology;
  readonly requeue: Requeue;
  readonly replies: ReplySender;
  /** Is given what the broker has not confirmed yet. */
  readonly track: (work: Promise<void>) => void;
}

/** Takes requests from the request queue and from the quarantine queue, and has them wait in local queues. */
export class Intake {
  /** Requests of the request queue. What is taken from here and below must be settled. */
  readonly waiting = new LocalQueue<Delivery>();
  /** Requests of the quarantine queue, one at a time. Each must be begun at once. */
  readonly quarantined = new LocalQueue<Delivery>();
  readonly #services: Services;
  readonly #options: IntakeOptions;
  #requests!: Subscription;
  /** Nothing where this user may not have the queue. */
  #quarantine!: Promise<Subscription | undefined>;

  constructor(services: Services, options: IntakeOptions) {
    this.#services = services;
    this.#options = options;
  }

  /** @throws {AccessRefusedError} if the broker forbids it */
  async open(): Promise<void> {
    const { connection, conversation, topology, replies } = this.#services;
    this.#quarantine = this.#openQuarantine();
    this.#quarantine.catch(() => {}); // told below, unless the request queue fails first
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

  /** Whether its channel is there, or is being opened, or was closed on purpose. */
  get alive(): boolean {
    return this.#requests.alive;
  }

  /** Stops the broker's deliveries. What has come may still be taken. */
  async cancel(): Promise<void> {
    await Promise.all([this.#requests.cancel(), (await this.#quarantine)?.cancel()]);
    this.waiting.close();
    this.quarantined.close();
  }

  /** Takes all that waits; nothing more will come. */
  clear(): Delivery[] {
    this.waiting.close();
    this.quarantined.close();
    return [...this.waiting.clear(), ...this.quarantined.clear()];
  }

  /** Closes the channels, after all that was settled on them. */
  async close(): Promise<void> {
    await Promise.all([this.#requests.close(), (await this.#quarantine)?.close()]);
  }

  /**
   * One request at a time comes from the quarantine queue, and is begun at once. So a server that is lost has worked on the one
   * that it held from there, and on no other.
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
        "not allowed to read this queue: requests that a lost server held are counted as tried",
      );
      return undefined;
    }
  }

  #take(message: ConsumeMessage, source: Source): void {
    const deliveries = this.#deliveries(message, source);
    for (const delivery of deliveries) {
      // Whoever had it before was lost, perhaps because of it: it is tried where nothing else is held beside it.
      if (message.fields.redelivered && delivery.complete)
        this.#services.track(this.#setAside(delivery, false));
      else this.waiting.put(delivery);
    }
  }

  #takeQuarantined(message: ConsumeMessage, { writer, acknowledgements }: Source): void {
    const delivery = new Delivery(message, new SingleDelivery(message, writer, acknowledgements));
    if (message.fields.redelivered) this.#services.track(this.#setAside(delivery, true));
    else this.quarantined.put(delivery);
  }

  #deliveries(message: ConsumeMessage, source: Source): readonly Delivery[] {
    const { maxBody, maxReply } = this.#options;
    // What nobody can be told of is one dead letter, as it came.
    const batch =
      isBatch(message.properties) &&
      this.#takesBatches((message.properties as Properties).replyTo) &&
      Batch.from(message, maxBody, { ...source, maxReply });
    if (batch) return batch.deliveries;
    return [new Delivery(message, new SingleDelivery(message, source.writer, source.acknowledgements))];
  }

  /** Batched replies go to a queue, in one piece; elsewhere, nobody has said that they are understood. */
  #takesBatches(replyTo: string | undefined): boolean {
    const address = parseReplyAddress(replyTo);
    return address?.exchange === "" && mayReplyTo(this.#services.conversation, address);
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
