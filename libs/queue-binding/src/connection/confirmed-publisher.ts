import { randomUUID } from "node:crypto";
import type { Channel, ConfirmChannel, Message, Options } from "amqplib";
import type { Connection } from "./connection.ts";
import { RecoveringChannel } from "./recovering-channel.ts";
import type { ReplyAddress } from "../wire/reply-address.ts";

/** Publishes with publisher confirms, on a channel that consumes nothing. */
export class ConfirmedPublisher {
  readonly #connection: Connection;
  readonly #purpose: string;
  #channel: Promise<RecoveringChannel> | undefined;
  /** The channel once it is open. `close` does not wait for one that is still being opened. */
  #opened: RecoveringChannel | undefined;

  /** @param purpose names the published messages in log lines */
  constructor(connection: Connection, purpose: string) {
    this.#connection = connection;
    this.#purpose = purpose;
  }

  /**
   * Resolves once the broker has put the message into a queue. Waits while the connection is being reopened.
   *
   * @throws {Unrouted} if no queue takes it
   * @throws {TypeError} or a `RangeError` if AMQP cannot carry the message
   * @throws the broker's reason if it refuses the message
   */
  async publish(address: ReplyAddress, body: Buffer, properties: Options.Publish): Promise<void> {
    const channel = (await (await this.#open()).opened()) as ConfirmChannel | undefined;
    if (!channel) throw new Error("there is no channel to publish on at present");
    await publishConfirmed(channel, address, body, properties);
  }

  async close(): Promise<void> {
    await this.#opened?.close();
  }

  #open(): Promise<RecoveringChannel> {
    this.#channel ??= RecoveringChannel.open(this.#connection, {
      purpose: this.#purpose,
      confirm: true,
    }).then(
      (channel) => (this.#opened = channel),
      (error: unknown) => {
        this.#channel = undefined;
        throw error;
      },
    );
    return this.#channel;
  }
}

/** The exchange took the message, but no queue is bound to it for this routing key. */
export class Unrouted extends Error {
  override readonly name = "Unrouted";
}

/** A message that is not confirmed yet. */
interface Publication extends ReplyAddress {
  readonly messageId: string | undefined;
  unrouted: boolean;
}

/** The unconfirmed messages of one channel, in order. */
class Publications {
  static readonly #all = new WeakMap<Channel, Publications>();
  readonly waiting = new Set<Publication>();
  /** Why the broker closed the channel. */
  refusal: Error | undefined;

  private constructor(channel: Channel) {
    channel.on("return", ({ fields, properties }: Message) => {
      // A message is returned before it is confirmed. Messages with the same id are returned in the order of publication.
      for (const publication of this.waiting) {
        if (publication.unrouted || publication.messageId !== properties.messageId) continue;
        if (publication.exchange !== fields.exchange || publication.routingKey !== fields.routingKey)
          continue;
        publication.unrouted = true;
        return;
      }
    });
    channel.on("error", (error: Error) => (this.refusal = error));
  }

  /** One for each channel: a listener per message would trigger Node's warning of a leak. */
  static on(channel: Channel): Publications {
    let publications = this.#all.get(channel);
    if (!publications) this.#all.set(channel, (publications = new Publications(channel)));
    return publications;
  }
}

/**
 * Resolves once the broker has put the message into a queue.
 *
 * @param mandatory whether the message must reach a queue; RabbitMQ does not count a direct reply-to as a queue @default true
 * @throws {Unrouted} if no queue takes it
 * @throws an AMQP exception if the exchange refuses it; then the channel is closed
 * @throws {TypeError} or a `RangeError` if AMQP cannot carry it; then nothing was sent
 */
export function publishConfirmed(
  channel: ConfirmChannel,
  { exchange, routingKey }: ReplyAddress,
  body: Buffer,
  properties: Options.Publish,
  mandatory = true,
): Promise<void> {
  const publications = Publications.on(channel);
  const messageId: string | undefined = properties.messageId ?? (mandatory ? randomUUID() : undefined);
  const publication = { exchange, routingKey, messageId, unrouted: false };
  return new Promise((resolve, reject) => {
    const options = { ...properties, ...(messageId !== undefined && { messageId }), mandatory };
    channel.publish(exchange, routingKey, body, options, (error: Error | null) => {
      publications.waiting.delete(publication);
      if (error) reject(publications.refusal ?? error);
      else if (!publication.unrouted) resolve();
      else reject(new Unrouted(`no queue is bound to "${exchange}" for "${routingKey}"`));
    });
    publications.waiting.add(publication);
  });
}
