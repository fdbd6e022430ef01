import { randomUUID } from "node:crypto";
import type { Channel, ConfirmChannel, Message, Options } from "amqplib";
import type { Connection } from "./connection.ts";
import { RecoveringChannel } from "./recovering-channel.ts";
import type { ReplyAddress } from "../wire/reply-address.ts";

/**
 * Confirmed publishing beside the channel that consumes, on one channel per exchange: an exchange that does not exist,
 * or that may not be written to, closes the channel it was published on, and no other.
 */
export class ConfirmedPublisher {
  readonly #connection: Connection;
  readonly #channels = new Map<string, Promise<RecoveringChannel>>();
  /** Those that are open: what still waits for a connection need not be waited for. */
  readonly #opened = new Set<RecoveringChannel>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Resolves once the broker has taken the message.
   *
   * @throws the broker's reason if the exchange does not take it; `Unrouted` if no queue does
   */
  async publish(
    { exchange, routingKey }: ReplyAddress,
    body: Buffer,
    properties: Options.Publish,
  ): Promise<void> {
    const recovering = await this.#open(exchange);
    const channel = (await recovering.opened()) as ConfirmChannel | undefined;
    if (!channel) throw new Error(`no channel to the exchange "${exchange}" at present`);
    try {
      await publishConfirmed(channel, { exchange, routingKey }, body, properties);
    } catch (error) {
      if (!(error instanceof Unrouted)) {
        this.#channels.delete(exchange);
        this.#opened.delete(recovering);
        await recovering.close();
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened].map((recovering) => recovering.close()));
  }

  #open(exchange: string): Promise<RecoveringChannel> {
    let channel = this.#channels.get(exchange);
    if (!channel) {
      channel = RecoveringChannel.open(this.#connection, {
        purpose: exchange === "" ? "dead letters" : `replies to the exchange ${exchange}`,
        confirm: true,
      });
      this.#channels.set(exchange, channel);
      channel.then(
        (recovering) => this.#opened.add(recovering),
        () => this.#channels.delete(exchange),
      );
    }
    return channel;
  }
}

/** The exchange took the message, but no queue is bound to it for this routing key. */
export class Unrouted extends Error {
  override readonly name = "Unrouted";
}

/**
 * Resolves once the broker has put the message into a queue.
 *
 * @throws {Unrouted} if no queue takes it
 * @throws an AMQP exception if the exchange does not take it; then the channel is closed
 */
export function publishConfirmed(
  channel: ConfirmChannel,
  { exchange, routingKey }: ReplyAddress,
  body: Buffer,
  properties: Options.Publish,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // A returned message comes back before its confirmation, and is known by its id.
    const messageId: string = properties.messageId ?? randomUUID();
    let unrouted = false;
    let refusal: Error | undefined;
    const onReturn = (returned: Message) => {
      if (returned.properties.messageId === messageId) unrouted = true;
    };
    const onError = (error: Error) => {
      refusal = error;
    };
    channel.on("return", onReturn);
    channel.on("error", onError);
    const options = { ...properties, messageId, mandatory: true };
    channel.publish(exchange, routingKey, body, options, (error: Error | null) => {
      (channel as Channel).off("return", onReturn).off("error", onError);
      if (refusal) reject(refusal);
      else if (error) reject(error);
      else if (unrouted) reject(new Unrouted(`no queue is bound to "${exchange}" for "${routingKey}"`));
      else resolve();
    });
  });
}
