import type { Message, Options } from "amqplib";
import type { Connection } from "../connection/connection.ts";
import type { Conversation } from "../conversation.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { SingleDelivery, Delivery } from "./delivery.ts";
import { RecoveringChannel } from "../connection/recovering-channel.ts";
import { LocalQueue } from "./local-queue.ts";
import { Batch } from "../wire/batch.ts";
import { limitBodies } from "../wire/bounded-decoding.ts";
import { declare } from "../connection/topology.ts";

export interface SubscriptionOptions {
  /** How many unsettled messages the broker may have given to this process, 1 to 65535. */
  readonly prefetch: number;
  /** Largest body that is read, in bytes. */
  readonly maxBody: number;
  /** Puts a request into the queue again, by itself. Resolves once the broker has it. */
  readonly republish: (content: Buffer, properties: Options.Publish) => Promise<void>;
}

/** A consumer of a conversation's queue, whose deliveries wait in a local queue. It comes back after every loss. */
export class Subscription {
  /** Take requests from here. What is taken must be settled. */
  readonly deliveries = new LocalQueue<Delivery>();
  readonly #log;
  #channel!: RecoveringChannel;
  #consumerTag = "";
  #cancelled = false;

  private constructor(log: Connection["log"]) {
    this.#log = log;
  }

  static async open(
    connection: Connection,
    conversation: Conversation,
    options: SubscriptionOptions,
  ): Promise<Subscription> {
    const subscription = new Subscription(connection.log);
    await subscription.#open(connection, conversation, options);
    return subscription;
  }

  async #open(
    connection: Connection,
    conversation: Conversation,
    options: SubscriptionOptions,
  ): Promise<void> {
    const { queue } = conversation;
    const { prefetch, maxBody, republish } = options;
    this.#channel = await RecoveringChannel.open(connection, {
      purpose: `the requests of ${queue}`,
      setUp: async (channel, writer) => {
        if (this.#cancelled) return;
        await declare(connection, conversation);
        channel.on("return", (returned: Message) =>
          this.#log.debug({ replyTo: returned.fields.routingKey }, "nobody waits for this reply any more"),
        );
        limitBodies(channel, maxBody);
        const acknowledgements = new Acknowledgements(writer);
        await channel.prefetch(prefetch);
        const { consumerTag } = await channel.consume(queue, (message) => {
          if (!message) {
            // Cancelled by the broker: the queue was deleted. Begin anew. What came after the channel's end on the wire
            // would end the connection.
            writer.close();
            return void channel.close().catch(() => {});
          }
          acknowledgements.delivered(message);
          const batch = Batch.from(message, maxBody, { writer, acknowledgements, republish });
          if (batch) for (const delivery of batch.deliveries()) this.deliveries.put(delivery);
          else
            this.deliveries.put(new Delivery(message, new SingleDelivery(message, writer, acknowledgements)));
        });
        this.#consumerTag = consumerTag;
        this.#log.info({ queue, bindingKey: conversation.bindingKey, prefetch }, "listening");
      },
      lost: (reason) => {
        // What was delivered on the lost channel cannot be acknowledged; the broker gives it to whoever listens.
        this.deliveries.clear();
        if (reason) this.#log.error({ queue, reason: reason.message }, "the broker closed the channel");
      },
    });
  }

  get listening(): boolean {
    return this.#channel.current !== undefined && !this.#cancelled;
  }

  /** Stops the broker's deliveries. What has been delivered waits in the local queue, which is closed. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    await this.#channel.current?.cancel(this.#consumerTag).catch(() => {}); // lost meanwhile: nothing to cancel
    this.deliveries.close();
  }

  /** Closes the channel, after all that was settled on it. The broker gives what was not settled to others. */
  close(): Promise<void> {
    return this.#channel.close();
  }
}
