import type { ConfirmChannel, Options } from "amqplib";
import type { Connection } from "../connection/connection.ts";
import { publishConfirmed, Unrouted } from "../connection/confirmed-publisher.ts";
import { AccessRefusedError, ClosedError } from "../errors.ts";
import { isAmqpException } from "../connection/recovering-channel.ts";
import type { ReplyAddress } from "../wire/reply-address.ts";

/** The broker closed the connection or the channel because of a reply's address. */
export class ReplyRefused extends Error {
  override readonly name = "ReplyRefused";
}

/** A reply that waits to be sent. */
interface Item {
  readonly address: ReplyAddress;
  readonly body: Buffer;
  readonly properties: Options.Publish;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A channel for replies, and the reason of its end. */
interface ReplyChannel {
  readonly channel: ConfirmChannel;
  open: boolean;
  reason?: Error;
}

/** RabbitMQ's code for a connection that an operator has closed. */
const connectionForced = 320;

/**
 * Sends replies to unverified addresses, with publisher confirms, over a connection that serves nothing else. RabbitMQ 3.10
 * closes a connection (541) that publishes to a forged direct reply-to. Every version closes a channel (403, 404) that
 * publishes to a missing or forbidden exchange. Then each unconfirmed reply is sent again alone, so that only the harmful one
 * is refused.
 */
export class FirstReplies {
  readonly #main: Connection;
  #connection: Promise<Connection> | undefined;
  #channel: Promise<ReplyChannel> | undefined;
  #waiting: Item[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  /** @param main the server's own connection; the separate one has the same options */
  constructor(main: Connection) {
    this.#main = main;
  }

  /**
   * Resolves once the broker has confirmed the reply.
   *
   * @throws {Unrouted} if no queue takes it
   * @throws {ReplyRefused} if the broker closes the channel or the connection because of it
   * @throws another error if there is no connection
   */
  send(address: ReplyAddress, body: Buffer, properties: Options.Publish): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ address, body, properties, resolve, reject });
      this.#running ??= this.#run().finally(() => (this.#running = undefined));
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = await this.#connection?.catch(() => undefined);
    if (connection !== this.#main) await connection?.close();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      const lost: Item[] = [];
      await Promise.all(together.map((item) => this.#try(item, () => lost.push(item))));
      for (const item of lost) await this.#alone(item);
    }
  }

  /** Sends one reply while no other is unconfirmed. */
  async #alone(item: Item): Promise<void> {
    await this.#try(item, (error) => {
      const refused = isAmqpException(error) && error.code !== connectionForced;
      item.reject(refused ? new ReplyRefused(error.message, { cause: error }) : error);
    });
  }

  async #try(item: Item, lost: (error: unknown) => void): Promise<void> {
    let replies: ReplyChannel;
    try {
      replies = await this.#open();
    } catch (error) {
      return item.reject(error);
    }
    const { address, body, properties } = item;
    // RabbitMQ does not count a direct reply-to as a queue: it would return every mandatory reply, although it arrives.
    const mandatory = !isDirect(address);
    try {
      await publishConfirmed(replies.channel, address, body, properties, mandatory);
      item.resolve();
    } catch (error) {
      const uncarriable = error instanceof TypeError || error instanceof RangeError;
      if (uncarriable || error instanceof Unrouted) return item.reject(error);
      if (replies.open)
        return item.reject(new ReplyRefused("its queue takes no more messages", { cause: error }));
      lost(replies.reason ?? error);
    }
  }

  #open(): Promise<ReplyChannel> {
    if (this.#closed) return Promise.reject(new ClosedError("the server stops"));
    if (this.#channel) return this.#channel;
    const opening = this.#openChannel();
    this.#channel = opening;
    opening.catch(() => (this.#channel = undefined));
    return opening;
  }

  async #openChannel(): Promise<ReplyChannel> {
    const connection = await (this.#connection ??= this.#connect());
    const channel = (await connection.channel(true)) as ConfirmChannel;
    const replies: ReplyChannel = { channel, open: true };
    let whole = true;
    channel.on("error", (error: Error) => {
      whole = false; // the broker closed only this channel
      replies.reason = error;
    });
    const lost = (error: Error) => (replies.reason = error);
    // Not in amqplib's types: the connection of a channel. It emits the reason of its end.
    const { connection: wire } = channel as unknown as { connection: NodeJS.EventEmitter };
    wire.once("error", lost);
    channel.once("close", () => {
      wire.off("error", lost);
      replies.open = false;
      this.#channel = undefined;
      if (!whole || connection === this.#main) return;
      this.#connection = undefined;
      void connection.close(0);
    });
    return replies;
  }

  async #connect(): Promise<Connection> {
    try {
      return await this.#main.another();
    } catch (error) {
      if (!(error instanceof AccessRefusedError)) {
        this.#connection = undefined;
        throw error;
      }
      const message =
        "not allowed to open a second connection: a forged reply address can make the broker close this server's own";
      this.#main.log.warn({ reason: error.message }, message);
      return this.#main;
    }
  }
}

/** Whether an address is a direct reply-to (rabbitmq.com/docs/direct-reply-to). */
export const isDirect = ({ exchange, routingKey }: ReplyAddress) =>
  exchange === "" && routingKey.startsWith("amq.rabbitmq.reply-to.");
