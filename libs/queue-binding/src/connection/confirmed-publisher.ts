import { randomUUID } from "node:crypto";
import type { Channel, ConfirmChannel, Message, Options } from "amqplib";
import type { Connection } from "./connection.ts";
import { isAmqpException, RecoveringChannel } from "./recovering-channel.ts";
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
   * @throws the broker's reason if the exchange does not take it; `Unrouted` if no queue does; a `TypeError` or `RangeError`
   *   if AMQP cannot carry it
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
      // The broker closed the channel for what was published on it. Whatever else failed, the channel is as good as before.
      if (isAmqpException(error) && this.#opened.delete(recovering)) {
        this.#channels.delete(exchange);
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

/** A message that waits for its confirmation. */
interface Publication extends ReplyAddress {
  readonly messageId: string;
  unrouted: boolean;
}

/** What was published on one channel and is not confirmed, in order. */
class Publications {
  static readonly #all = new WeakMap<Channel, Publications>();
  readonly waiting = new Set<Publication>();
  /** Why the broker closed the channel. */
  refusal: Error | undefined;

  private constructor(channel: Channel) {
    channel.on("return", ({ fields, properties }: Message) => {
      // It comes back before its confirmation. Two with the same id come back in the order in which they were sent.
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

  /** One for each channel: every listener of its own would count for Node's warning of a leak. */
  static on(channel: Channel): Publications {
    let publications = this.#all.get(channel);
    if (!publications) this.#all.set(channel, (publications = new Publications(channel)));
    return publications;
  }
}

/**
 * Resolves once the broker has put the message into a queue.
 *
 * @throws {Unrouted} if no queue takes it
 * @throws an AMQP exception if the exchange does not take it; then the channel is closed
 * @throws {TypeError} or a `RangeError` if AMQP cannot carry it; then nothing was sent
 */
export function publishConfirmed(
  channel: ConfirmChannel,
  { exchange, routingKey }: ReplyAddress,
  body: Buffer,
  properties: Options.Publish,
): Promise<void> {
  const publications = Publications.on(channel);
  const messageId: string = properties.messageId ?? randomUUID();
  const publication = { exchange, routingKey, messageId, unrouted: false };
  return new Promise((resolve, reject) => {
    const options = { ...properties, messageId, mandatory: true };
    channel.publish(exchange, routingKey, body, options, (error: Error | null) => {
      publications.waiting.delete(publication);
      if (error) reject(publications.refusal ?? error);
      else if (!publication.unrouted) resolve();
      else reject(new Unrouted(`no queue is bound to "${exchange}" for "${routingKey}"`));
    });
    publications.waiting.add(publication);
  });
}
