import type { Channel, ConsumeMessage, Message } from "amqplib";
import { Acknowledgements } from "./acknowledgements.ts";
import type { Connection } from "../connection/connection.ts";
import { RecoveringChannel } from "../connection/recovering-channel.ts";
import { limitBodies } from "../wire/bounded-decoding.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";

/** The channel that delivered a message. Only this channel can settle it. */
export interface Source {
  readonly writer: ChannelWriter;
  readonly acknowledgements: Acknowledgements;
}

interface SubscriptionOptions {
  readonly queue: string;
  /** AMQP prefetch: unsettled deliveries to this process, 1 to 65535. */
  readonly prefetch: number;
  /** Largest body that is read, in bytes. */
  readonly maxBody: number;
  /** Declares the queue, each time the channel opens. */
  readonly declare: () => Promise<unknown>;
  /** Called with each delivery. */
  readonly deliver: (message: ConsumeMessage, source: Source) => void;
  /** Called when the channel is lost. Its deliveries cannot be acknowledged any more; the broker redelivers them. */
  readonly lost: () => void;
  /** Called for each reply that the broker returned because no queue takes it. */
  readonly returned: (routingKey: string) => void;
}

/**
 * A consumer of a queue. It recovers after every lost channel.
 *
 * A message that the broker fails to deliver ends the connection with an internal error (541). After that the consumer uses
 * a prefetch of 1 for as many deliveries as its usual prefetch. So the broker counts further failures only for that message,
 * and drops it at the delivery limit.
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
        // The broker has cancelled the consumer, because the queue was deleted. A new channel declares it again. The writer
        // closes first, because frames behind channel.close would end the connection.
        writer.close();
        return void channel.close().catch(() => {});
      }
      source.acknowledgements.delivered(message);
      deliver(message, source);
      if (alone === 0 || (alone -= 1) > 0) return;
      const last = this.#consumerTag;
      consume(prefetch)
        .then(() => channel.cancel(last))
        .catch(() => {}); // lost meanwhile: the next channel consumes
    };
    await consume(alone > 0 ? 1 : prefetch);
  }

  /** Whether its channel is open, is being opened, or was closed on purpose. */
  get alive(): boolean {
    return this.#channel.alive;
  }

  get listening(): boolean {
    return this.#channel.current !== undefined && !this.#cancelled;
  }

  /** Cancels the consumer. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    await this.#channel.current?.cancel(this.#consumerTag).catch(() => {}); // lost meanwhile: nothing to cancel
  }

  /** Closes the channel, after its settlements are sent. The broker redelivers unsettled messages to other servers. */
  close(): Promise<void> {
    return this.#channel.close();
  }
}
