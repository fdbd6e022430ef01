import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Connection } from "../connection/connection.ts";
import { checkText } from "../checks.ts";
import { isAmqpException } from "../connection/recovering-channel.ts";
import { isSchema } from "../conversation.ts";

/**
 * A stream queue (rabbitmq.com/docs/streams). Every reader gets all messages, also earlier ones, because reading does not remove
 * them. Any plain object of this form will do.
 */
export interface Stream<Message extends StandardSchemaV1 = StandardSchemaV1> {
  /** Topic exchange to which messages are published. It must exist. */
  readonly exchange: string;
  /** The stream queue, which all readers share. */
  readonly queue: string;
  /** Binding key of the stream queue. */
  readonly bindingKey: string;
  /** Retention time of messages, such as `14D` or `12h`. */
  readonly maxAge: string;
  /** Retention size, in bytes. */
  readonly maxBytes: number;
  /** Schema of a message. */
  readonly message: Message;
}

/** @throws {TypeError} if the value is not a stream: a name or the schema is missing */
export function checkStream(stream: Stream): void {
  const { exchange, queue, bindingKey, message } = (stream as Partial<Stream> | undefined) ?? {};
  checkText("the stream's exchange", exchange);
  checkText("the stream's queue", queue);
  checkText("the stream's bindingKey", bindingKey, { min: 0 });
  if (!isSchema(message)) throw new TypeError("the stream's message must be a Standard Schema");
}

/**
 * Largest segment of a stream, in bytes. The broker deletes whole segments, and checks their age only when it begins a new
 * one. With its default of 500 MB, a stream of small messages would be kept for ever.
 */
const largestSegment = 1_000_000;

/**
 * Declares and binds the stream queue. A user without that permission uses the queue that somebody else has declared.
 *
 * @throws an AMQP exception with code 404 if it does not exist and may not be declared
 */
export async function declareStream(connection: Connection, stream: Stream): Promise<void> {
  const { queue, exchange, bindingKey, maxAge, maxBytes } = stream;
  const settings = {
    "x-queue-type": "stream",
    "x-max-age": maxAge,
    "x-max-length-bytes": maxBytes,
    "x-stream-max-segment-size-bytes": largestSegment,
  };
  try {
    await connection.withChannel((channel) =>
      channel.assertQueue(queue, { durable: true, arguments: settings }),
    );
  } catch (error) {
    const differs = refused(error, 406);
    if (!differs && !refused(error, 403)) throw error;
    // A passive declaration fails with 404 if it does not exist. RabbitMQ 4 allows it only with some permission on the queue.
    await connection
      .withChannel((channel) => channel.checkQueue(queue))
      .catch((passive: unknown) => {
        if (!refused(passive, 403)) throw passive;
      });
    if (!differs) return;
    const difference = (error as Error).message;
    connection.log.warn(
      { queue, difference },
      "the stream was made with other arguments and is used as it is",
    );
  }
  try {
    await connection.withChannel((channel) => channel.bindQueue(queue, exchange, bindingKey));
  } catch (error) {
    if (!refused(error, 403)) throw error;
  }
}

const refused = (error: unknown, code: number) => isAmqpException(error) && error.code === code;
