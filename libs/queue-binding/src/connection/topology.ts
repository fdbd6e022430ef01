import type { Connection } from "./connection.ts";
import type { Conversation } from "../conversation.ts";
import { isAmqpException } from "./recovering-channel.ts";

/** How often a request may be tried before it is kept as a dead letter. */
export const maxAttempts = 3;

const refused = (error: unknown, code: number) => isAmqpException(error) && error.code === code;

/**
 * Subscribes to what exists, or creates it: the conversation's queue, bound to its exchange, and its dead letters.
 *
 * The state of a queue that somebody else made with other arguments is left as it is; one log line says how it differs.
 */
export async function declare(connection: Connection, conversation: Conversation): Promise<void> {
  const { queue, exchange, bindingKey, deadLetter } = conversation;
  await declareDeadLetters(connection, deadLetter);
  await declareQueue(connection, queue, {
    "x-queue-type": "quorum",
    // The broker's own limit is for workers that die of a request; failures are counted by the server.
    "x-delivery-limit": maxAttempts,
    "x-dead-letter-exchange": deadLetter,
    "x-dead-letter-routing-key": deadLetter,
  });
  try {
    await connection.withChannel((channel) => channel.bindQueue(queue, exchange, bindingKey));
  } catch (error) {
    if (!refused(error, 403)) throw error;
    connection.log.warn(
      { queue, exchange, bindingKey },
      "not allowed to bind the queue: only what an operator has bound to it will come",
    );
  }
}

/**
 * A dead letter is a request that was tried too often or rejected. One whose time was over is not: therefore the
 * exchange is a headers exchange that binds these, by the reason which RabbitMQ (3.10 and later) gives, to itself, which
 * is nowhere. All others are bound to nothing, and go to its alternate exchange: whatever their headers say, they are kept.
 */
async function declareDeadLetters(connection: Connection, name: string): Promise<void> {
  const kept = keptExchange(name);
  // RabbitMQ 4 drops after 20 deliveries by default; people may look at a dead letter more often than that.
  await declareQueue(connection, name, { "x-queue-type": "quorum", "x-delivery-limit": 1_000_000 });
  try {
    await connection.withChannel(async (channel) => {
      await channel.assertExchange(kept, "fanout", { durable: true });
      await channel.bindQueue(name, kept, "");
      await channel.assertExchange(name, "headers", { durable: true, alternateExchange: kept });
      const expired = { "x-match": "any-with-x", "x-first-death-reason": "expired" };
      await channel.bindExchange(name, name, "", expired);
    });
  } catch (error) {
    if (!refused(error, 403) && !refused(error, 406)) throw error;
    // Passive: fails with 404 if it is not there, because what the broker rejects would then be lost.
    await connection.withChannel((channel) => channel.checkExchange(name));
    const details = { exchange: name, reason: (error as Error).message };
    // Who may not declare it has an operator who has: that is as it should be.
    if (refused(error, 403)) connection.log.debug(details, "the dead-letter exchange is used as it is");
    else
      connection.log.warn(details, "the dead-letter exchange was made in another way and is used as it is");
  }
}

const keptExchange = (deadLetter: string) => `${deadLetter}.kept`;

async function declareQueue(
  connection: Connection,
  queue: string,
  args: Record<string, unknown>,
): Promise<void> {
  try {
    await connection.withChannel((channel) => channel.assertQueue(queue, { durable: true, arguments: args }));
  } catch (error) {
    const differs = refused(error, 406);
    if (!differs && !refused(error, 403)) throw error;
    // Passive: fails with 404 if it is not there.
    await connection.withChannel((channel) => channel.checkQueue(queue));
    if (differs) {
      connection.log.warn(
        { queue, difference: (error as Error).message },
        "the queue was made with other arguments and is used as it is",
      );
    }
  }
}

/**
 * Deletes a queue that nobody listens to and nothing waits in, and the exchanges of its name if there are any.
 * A quorum queue knows no `if-unused` and no `if-empty`: therefore it is looked at first.
 */
export async function remove(connection: Connection, name: string): Promise<void> {
  const counts = await connection.counts(name);
  if (!counts || counts.servers > 0 || counts.waiting > 0) return;
  await connection.withChannel((channel) => channel.deleteQueue(name));
  for (const exchange of [name, keptExchange(name)]) {
    await connection.withChannel((channel) => channel.deleteExchange(exchange));
  }
}
