import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Connection } from "../connection/connection.ts";
import type { Conversation } from "../conversation.ts";
import { limitBodies } from "../wire/bounded-decoding.ts";
import type { Properties } from "../wire/properties.ts";
import { RecoveringChannel } from "../connection/recovering-channel.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";

// A caller that gives a request up says so to every server of its queue, because nobody knows which of them will get
// it: on the headers exchange that every broker has, by the name of the queue, with the id of the request.
const exchange = "amq.headers";

/** Tells the servers of a conversation that a request needs no answer any more. A notice that is lost costs an answer in vain. */
export function cancel(writer: ChannelWriter, { queue }: Conversation, id: string): void {
  const headers = { cancelled: queue };
  writer.publish({ exchange, routingKey: "", correlationId: id, headers, expiration: "10000" }, "");
}

/** The requests of a conversation that were cancelled lately. */
export class Cancellations {
  /** Bounded, because a request that was answered already is never looked up. */
  readonly #ids = new LRUCache<string, true>({ max: 10_000, ttl: 300_000 });
  #channel: RecoveringChannel | undefined;
  #closed = false;

  /** Begins to listen. Where the broker does not allow it, cancelled requests are answered in vain. */
  async listen(connection: Connection, { queue }: Conversation): Promise<void> {
    try {
      this.#channel = await RecoveringChannel.open(connection, {
        purpose: `the cancellations of ${queue}`,
        setUp: async (channel) => {
          limitBodies(channel, 0);
          // A name of its own each time: where a cluster's node is lost, it keeps the last one locked until it is back.
          const own = `${queue}.cancelled.${randomUUID()}`;
          await channel.assertQueue(own, { exclusive: true, autoDelete: true });
          await channel.bindQueue(own, exchange, "", { "x-match": "all", cancelled: queue });
          await channel.consume(own, (notice) => notice && this.#note(notice.properties), {
            noAck: true,
          });
        },
      });
      if (this.#closed) await this.#channel.close();
    } catch (error) {
      if (this.#closed) return;
      connection.log.warn(
        { queue, reason: (error as Error).message },
        "cancelled requests will be answered in vain: not allowed to hear of them",
      );
    }
  }

  /** Whether this request was cancelled. */
  has(id: string | undefined): boolean {
    return this.#ids.size > 0 && id !== undefined && this.#ids.has(id);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#channel?.close();
  }

  #note({ correlationId, unreadable }: Properties): void {
    // No client of this library wrote it.
    if (unreadable !== undefined) return;
    if (correlationId !== undefined) this.#ids.set(correlationId, true);
  }
}
