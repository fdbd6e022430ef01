import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type { Connection } from "../connection/connection.ts";
import type { Conversation } from "../conversation.ts";
import { limitBodies } from "../wire/bounded-decoding.ts";
import type { Properties } from "../wire/properties.ts";
import { RecoveringChannel } from "../connection/recovering-channel.ts";
import { cancellationKey, cancellations, cancellationsOf } from "../wire/cancellation.ts";

/** In milliseconds: clients repeat each 250 ms what no server has heard. */
const callersTurn = 600;

/** The requests of a conversation that were cancelled lately. */
export class Cancellations {
  /** Bounded, because a request that was answered already is never looked up. */
  readonly #keys = new LRUCache<string, true>({ max: 10_000, ttl: 300_000 });
  #own: Promise<Connection> | undefined;
  #closed = false;

  /**
   * Begins to listen, before the first request is taken. Where the broker does not allow it, cancelled requests are
   * answered in vain. It listens on a connection of its own: a notice that the broker fails to deliver ends that one, and no
   * request is lost with it. Where requests wait that no server takes, their callers get a moment to say which they gave up.
   */
  async listen(connection: Connection, { queue }: Conversation): Promise<void> {
    try {
      this.#own = connection.another("cancellations");
      await RecoveringChannel.open(await this.#own, {
        purpose: `the cancellations of ${queue}`,
        setUp: async (channel) => {
          limitBodies(channel, 0);
          // A name of its own each time: where a cluster's node is lost, it keeps the last one locked until it is back.
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
        "cancelled requests will be answered in vain: not allowed to hear of them",
      );
    }
  }

  /** Whether its caller has given this request up. */
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
    // No client of this library wrote it.
    if (unreadable !== undefined) return;
    const key = cancellationKey(replyTo, correlationId);
    if (key !== undefined) this.#keys.set(key, true);
  }
}
