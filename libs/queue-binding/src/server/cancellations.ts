import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type { Connection } from "../connection/connection.ts";
import type { Conversation } from "../conversation.ts";
import { limitBodies } from "../wire/bounded-decoding.ts";
import type { Properties } from "../wire/properties.ts";
import { RecoveringChannel } from "../connection/recovering-channel.ts";
import { cancellationKey, cancellations, cancellationsOf } from "../wire/cancellation.ts";

/** Milliseconds within which every client repeats its notices. It repeats them every 250 ms. */
const callersTurn = 600;

/** Recently cancelled requests of a conversation. */
export class Cancellations {
  /** Bounded, because requests that were answered already are never looked up. */
  readonly #keys = new LRUCache<string, true>({ max: 10_000, ttl: 300_000 });
  #own: Promise<Connection> | undefined;
  #closed = false;

  /**
   * Begins to listen for notices, before the first request is taken. If the broker forbids it, cancelled requests are answered
   * although nobody waits. It uses a separate connection, so that a notice that the broker fails to deliver ends only this
   * connection. If requests wait without a server, it waits a moment for the notices of their callers.
   */
  async listen(connection: Connection, { queue }: Conversation): Promise<void> {
    try {
      this.#own = connection.another("cancellations");
      await RecoveringChannel.open(await this.#own, {
        purpose: `the cancellations of ${queue}`,
        setUp: async (channel) => {
          limitBodies(channel, 0);
          // A new name each time: a cluster keeps an exclusive queue of a lost node locked until that node is back.
          const own = `${queue}.cancelled.${randomUUID()}`;
          await channel.assertQueue(own, { exclusive: true, autoDelete: true });
          await channel.bindQueue(own, cancellations, "", cancellationsOf(queue));
          await channel.consume(own, (notice) => notice && this.#note(notice.properties), {
            noAck: true,
          });
        },
      });
      if (this.#closed) return;
      const counts = await connection.counts(queue);
      if (counts && counts.waiting > 0 && counts.servers === 0)
        await pause(callersTurn, undefined, { ref: false });
    } catch (error) {
      if (this.#closed) return;
      void this.close();
      connection.log.warn(
        { queue, reason: (error as Error).message },
        "not allowed to listen for cancellations: cancelled requests will be answered, although nobody waits",
      );
    }
  }

  /** Whether a request's caller has cancelled it. */
  has(replyTo: string | undefined, id: string | undefined): boolean {
    if (this.#keys.size === 0) return false;
    const key = cancellationKey(replyTo, id);
    return key !== undefined && this.#keys.has(key);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#own?.catch(() => undefined))?.close();
  }

  #note({ replyTo, correlationId, unreadable }: Properties): void {
    // No client of this library sends such a notice.
    if (unreadable !== undefined) return;
    const key = cancellationKey(replyTo, correlationId);
    if (key !== undefined) this.#keys.set(key, true);
  }
}
