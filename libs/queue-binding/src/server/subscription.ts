import type { Channel, ConsumeMessage, Message } from "amqplib";
import { Acknowledgements } from "./acknowledgements.ts";
import type { Connection } from "../connection/connection.ts";
import { RecoveringChannel } from "../connection/recovering-channel.ts";
import { limitBodies } from "../wire/bounded-decoding.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";

/** The channel that delivered a message: the only one that can settle it. */
export interface Source {
  readonly writer: ChannelWriter;
  readonly acknowledgements: Acknowledgements;
}

export interface SubscriptionOptions {
  readonly queue: string;
  /** How many unsettled messages the broker may have given to this process, 1 to 65535. */
  readonly prefetch: number;
  /** Largest body that is read, in bytes. */
  readonly maxBody: number;
  /** Makes the queue if it is not there, each time the channel opens. */
  readonly declare: () => Promise<unknown>;
  /** Takes what the broker delivers. */
  readonly deliver: (message: ConsumeMessage, source: Source) => void;
  /** Told when the channel is lost: what was delivered on it cannot be acknowledged, and the broker gives it to whoever listens. */
  readonly lost: () => void;
  /** Told of each reply that came back because no queue takes it. */
  readonly returned: (routingKey: string) => void;
}

/**
 * A consumer of a queue. It comes back after every loss.
 *
 * After the broker ended the connection because of a fault of its own (541), it takes one message at a time, until as many
 * have come as it takes otherwise. The message that the broker could not deliver is then delivered alone, and what was beside
 * it is not counted as delivered, again and again, until the broker drops it.
 */
export class Subscription {
  readonly #connection: Connection;
  readonly #options: SubscriptionOptions;
  #channel!: RecoveringChannel;
  #consumerTag = "";
  #brokerFaults = 0;
  #cancelled = false;

  private constructor(connection: Connection, options: SubscriptionOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** @throws {AccessRefusedError} if the broker forbids it */
  static async open(connection: Connection, options: SubscriptionOptions): Promise<Subscription> {
    const subscription = new Subscription(connection, options);
    const { queue } = options;
    subscription.#channel = await RecoveringChannel.open(connection, {
      purpose: `the requests of ${queue}`,
      setUp: (channel, writer) => subscription.#setUp(channel, writer),
      lost: (reason) => {
        options.lost();
        if (reason) connection.log.error({ queue, reason: reason.message }, "the broker closed the channel");
      },
    });
    return subscription;
  }

  async #setUp(channel: Channel, writer: ChannelWriter): Promise<void> {
    const { queue, prefetch, maxBody, declare, deliver, returned } = this.#options;
    if (this.#cancelled) return;
    await declare();
    channel.on("return", ({ fields }: Message) => returned(fields.routingKey));
    limitBodies(channel, maxBody);
    const source = { writer, acknowledgements: new Acknowledgements(writer) };
    const { brokerFaults } = this.#connection;
    let alone = brokerFaults > this.#brokerFaults ? prefetch : 0;
    this.#brokerFaults = brokerFaults;
    const consume = async (prefetch: number) => {
      await channel.prefetch(prefetch);
      const { consumerTag } = await channel.consume(queue, take);
      this.#consumerTag = consumerTag;
      this.#connection.log.info({ queue, prefetch }, "listening");
    };
    const take = (message: ConsumeMessage | null) => {
      if (!message) {
        // Cancelled by the broker: the queue was deleted. Begin anew. What came after the channel's end on the wire
        // would end the connection.
        writer.close();
        return void channel.close().catch(() => {});
      }
      source.acknowledgements.delivered(message);
      deliver(message, source);
      if (alone === 0 || (alone -= 1) > 0) return;
      const last = this.#consumerTag;
      consume(prefetch)
        .then(() => channel.cancel(last))
        .catch(() => {}); // lost meanwhile: its successor begins anew
    };
    await consume(alone > 0 ? 1 : prefetch);
  }

  /** Whether its channel is there, or is being opened, or was closed on purpose. */
  get alive(): boolean {
    return this.#channel.alive;
  }

  get listening(): boolean {
    return this.#channel.current !== undefined && !this.#cancelled;
  }

  /** Stops the broker's deliveries. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    await this.#channel.current?.cancel(this.#consumerTag).catch(() => {}); // lost meanwhile: nothing to cancel
  }

  /** Closes the channel, after all that was settled on it. The broker gives what was not settled to others. */
  close(): Promise<void> {
    return this.#channel.close();
  }
}
