import { setTimeout as pause } from "node:timers/promises";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ConfirmedPublisher, Unrouted } from "../connection/confirmed-publisher.ts";
import type { Connection } from "../connection/connection.ts";
import { isAmqpException } from "../connection/recovering-channel.ts";
import { validate, type Written } from "../conversation.ts";
import { AccessRefusedError, ClosedError, describe } from "../errors.ts";
import { checkText } from "../checks.ts";
import { contentType, encode } from "../wire/body.ts";
import { checkStream, declareStream, type Stream } from "./stream.ts";

/** Milliseconds between two tries. */
const retryTime = 500;

/** Publishes to streams with publisher confirms. */
export class StreamPublisher {
  readonly #connection: Connection;
  readonly #publisher: ConfirmedPublisher;
  readonly #declared = new Set<string>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#publisher = new ConfirmedPublisher(connection, "messages for streams");
  }

  /**
   * Resolves once the stream holds the message. The message is sent again until the broker confirms it, so the stream may
   * hold it twice after a lost connection.
   *
   * @param signal cancels further attempts
   * @throws {ValidationError} if the message does not match its schema; nothing was sent
   * @throws {AccessRefusedError} if this user may not publish there
   * @throws {ClosedError} if the connection is drained before the message is confirmed
   */
  async publish<Message extends StandardSchemaV1>(
    stream: Stream<Message>,
    routingKey: string,
    message: Written<Message>,
    signal?: AbortSignal,
  ): Promise<void> {
    checkStream(stream);
    checkText("the routing key", routingKey, { min: 0 });
    const body = Buffer.from(encode(validate("message", stream.message, message), "message"));
    for (let told = ""; ;) {
      try {
        return await this.#try(stream, routingKey, body);
      } catch (error) {
        signal?.throwIfAborted();
        if (this.#connection.closed) throw new ClosedError("the connection is closed", { cause: error });
        if (isAmqpException(error) && (error.code === 403 || error.code === 404)) {
          throw new AccessRefusedError(`the broker refuses ${routingKey}: ${error.message}`, {
            cause: error,
          });
        }
        if (error instanceof Unrouted) this.#declared.delete(stream.queue);
        const reason = describe(error);
        const { queue } = stream;
        if (reason !== told)
          this.#connection.log.warn({ queue, routingKey, reason }, "not published yet, trying again");
        told = reason;
        // Without the signal: Node.js warns of more than ten listeners, and so many messages may wait at once.
        await pause(retryTime);
        signal?.throwIfAborted();
      }
    }
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }

  async #try(stream: Stream, routingKey: string, body: Buffer): Promise<void> {
    if (!this.#declared.has(stream.queue)) {
      await declareStream(this.#connection, stream);
      this.#declared.add(stream.queue);
    }
    const address = { exchange: stream.exchange, routingKey };
    await this.#publisher.publish(address, body, { contentType, persistent: true });
  }
}
