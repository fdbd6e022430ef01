import type { Message } from "amqplib";
import type { Connection } from "./connection.ts";
import type { Conversation } from "./conversation.ts";
import { Delivery } from "./delivery.ts";
import { LastingChannel } from "./lasting-channel.ts";
import { LocalQueue } from "./local-queue.ts";
import { provide } from "./topology.ts";

/** A consumer of a conversation's queue, whose deliveries wait in a local queue. It comes back after every loss. */
export class Subscription {
  /** Take requests from here. What is taken must be settled. */
  readonly deliveries = new LocalQueue<Delivery>();
  readonly #log;
  #channel!: LastingChannel;
  #consumerTag = "";
  #cancelled = false;

  private constructor(log: Connection["log"]) {
    this.#log = log;
  }

  /** @param prefetch how many unsettled requests the broker may have given to this process, 1 to 65535 */
  static async open(
    connection: Connection,
    conversation: Conversation,
    prefetch: number,
  ): Promise<Subscription> {
    const subscription = new Subscription(connection.log);
    await subscription.#open(connection, conversation, prefetch);
    return subscription;
  }

  async #open(connection: Connection, conversation: Conversation, prefetch: number): Promise<void> {
    const { queue } = conversation;
    this.#channel = await LastingChannel.open(connection, {
      purpose: `the requests of ${queue}`,
      setUp: async (channel) => {
        if (this.#cancelled) return;
        await provide(connection, conversation);
        channel.on("return", (returned: Message) =>
          this.#log.debug({ replyTo: returned.fields.routingKey }, "nobody waits for this reply any more"),
        );
        await channel.prefetch(prefetch);
        const { consumerTag } = await channel.consume(queue, (message) => {
          if (message) this.deliveries.put(new Delivery(message, channel));
          else channel.close().catch(() => {}); // cancelled by the broker: the queue was deleted. Begin anew.
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
