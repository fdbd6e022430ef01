import { once } from "node:events";
import type { Channel, ConfirmChannel, GetMessage } from "amqplib";
import { checkNumber, checkText } from "../checks.ts";
import type { Connection } from "../connection/connection.ts";
import { AccessRefusedError, ClosedError, NotReplayableError } from "../errors.ts";
import { readDeadLetter, type DeadLetter } from "../wire/dead-letter.ts";
import { longestExpiration, missingOf, ofRequest } from "../wire/properties.ts";
import { isAmqpException } from "../connection/recovering-channel.ts";
import { parseReplyAddress } from "../wire/reply-address.ts";
import { publishConfirmed, Unrouted } from "../connection/confirmed-publisher.ts";

/**
 * The dead letters of a queue, held without an acknowledgement while this is open. Nobody else sees them meanwhile. They
 * return to their queue when this is closed, or when the process ends.
 */
export class DeadLetters {
  readonly #connection: Connection;
  readonly #channel: Channel;
  readonly #held = new Map<DeadLetter, GetMessage>();
  #scout: Promise<Connection> | undefined;

  private constructor(connection: Connection, channel: Channel) {
    this.#connection = connection;
    this.#channel = channel;
  }

  /**
   * Takes the oldest dead letters. It takes none if there is no such queue.
   *
   * @param limit how many at most
   * @throws {@link AccessRefusedError} if this user may not read them
   */
  static async open(connection: Connection, queue: string, limit: number): Promise<DeadLetters> {
    checkText("deadLetter", queue);
    checkNumber("limit", limit, { min: 1, whole: true });
    const channel = await connection.channel(true);
    channel.on("error", () => {}); // the operation rejects with it
    const letters = new DeadLetters(connection, channel);
    // If the connection is lost in the middle of a message, amqplib never settles the promise of `get`.
    const lost = once(channel, "close").then(() => Promise.reject(new Error("the channel is lost")));
    lost.catch(() => {});
    try {
      while (letters.#held.size < limit) {
        const message = await Promise.race([channel.get(queue), lost]);
        if (!message) break;
        letters.#held.set(readDeadLetter(message), message);
      }
    } catch (error) {
      if (!isAmqpException(error)) throw error;
      if (error.code === 404) return letters;
      throw new AccessRefusedError(`the broker refuses the dead letters in ${queue}: ${error.message}`, {
        cause: error,
      });
    }
    return letters;
  }

  /** Oldest first, without those that were replayed or dropped. */
  get all(): DeadLetter[] {
    return [...this.#held.keys()];
  }

  /** Whether the queue or the exchange of the reply still exists, as far as the broker can tell. */
  async callerWaits(letter: DeadLetter): Promise<boolean> {
    const address = parseReplyAddress(letter.replyTo);
    if (!address) return false;
    const { exchange, routingKey } = address;
    const look = (channel: Channel) =>
      exchange === "" ? channel.checkQueue(routingKey) : channel.checkExchange(exchange);
    // RabbitMQ closes the connection (541) on a passive declaration of a forged reply address.
    const scout = await (this.#scout ??= this.#connection.another());
    return scout.withChannel<unknown>(look).then(
      () => true,
      (error: unknown) => {
        if (!isAmqpException(error)) return false;
        // 405: it exists, and only its owner may look at it. 403: it may exist.
        return error.code !== 404;
      },
    );
  }

  /**
   * Publishes a request to the queue where it waited, and acknowledges the dead letter once the broker has confirmed it.
   * A fault in between leaves both: the request and the dead letter.
   *
   * @param expiration milliseconds from now
   * @returns false if that queue does not exist any more; then it stays a dead letter
   * @throws `RangeError` if the expiration is not a whole number from 0 to 4294967295
   * @throws {@link NotReplayableError} if it cannot be sent as it was; then it stays a dead letter, and others can be replayed
   */
  async replay(letter: DeadLetter, expiration: number): Promise<boolean> {
    checkNumber("expiration", expiration, { min: 0, max: longestExpiration, whole: true });
    const message = this.#take(letter);
    const missing = missingOf(message.properties);
    if (missing !== undefined) throw new NotReplayableError(missing);
    const address = { exchange: "", routingKey: letter.queue };
    try {
      await publishConfirmed(this.#channel as ConfirmChannel, address, message.content, {
        ...ofRequest(message.properties),
        persistent: true,
        expiration: String(expiration),
      });
    } catch (error) {
      if (error instanceof Unrouted) return false;
      if (error instanceof TypeError || error instanceof RangeError) {
        throw new NotReplayableError(`AMQP cannot carry it: ${error.message}`, { cause: error });
      }
      throw error;
    }
    this.drop(letter);
    return true;
  }

  /** Deletes a dead letter. */
  drop(letter: DeadLetter): void {
    this.#channel.ack(this.#take(letter));
    this.#held.delete(letter);
  }

  /** Returns the dead letters that are still held to their queue. */
  async close(): Promise<void> {
    await (await this.#scout)?.close();
    try {
      if (this.#held.size > 0) this.#channel.nackAll(true);
      // If the connection is lost meanwhile, amqplib never settles the promise of `close`.
      await Promise.race([this.#channel.close(), once(this.#channel, "close")]);
    } catch {
      // The channel is closed: the broker has requeued them already.
    }
  }

  #take(letter: DeadLetter): GetMessage {
    const message = this.#held.get(letter);
    if (!message) throw new ClosedError("this dead letter is not held any more");
    return message;
  }
}
