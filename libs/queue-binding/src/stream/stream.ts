import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Connection } from "../connection/connection.ts";
import { isAmqpException } from "../connection/recovering-channel.ts";

/**
 * What everybody hears, and what the broker keeps for those who come later: a stream queue
 * (rabbitmq.com/docs/streams). Reading takes nothing out of it. Any plain object of this form will do.
 */
export interface Stream<Message extends StandardSchemaV1 = StandardSchemaV1> {
  /** Topic exchange to which messages are published. It must exist. */
  readonly exchange: string;
  /** The stream queue, which all readers share. */
  readonly queue: string;
  /** Binding key that brings messages into it. */
  readonly bindingKey: string;
  /** How long messages are kept, such as `14D` or `12h`. */
  readonly maxAge: string;
  /** How many bytes of messages are kept. */
  readonly maxBytes: number;
  /** Schema of a message. */
  readonly message: Message;
}

/**
 * Largest part of a stream, in bytes. The broker drops whole parts, and looks at their age only when it begins a new one:
 * with its default of 500 MB a stream of small messages would be kept for ever.
 */
const largestSegment = 1_000_000;

/**
 * Makes the stream queue and binds it, where this user may. Who may not uses the one that somebody else has made.
 *
 * @throws an AMQP exception with code 404 if it is not there and may not be made
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
    // Passive: fails with 404 if it is not there. RabbitMQ 4 lets only those look who have some right on it.
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
