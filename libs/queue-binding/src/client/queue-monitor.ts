import { LRUCache } from "lru-cache";
import type { QueueCounts } from "../errors.ts";

/** The last known state of a queue. Times are in milliseconds of `performance.now()`. */
export interface QueueState {
  readonly name: string;
  /** Whether its servers understand batches. Undefined until a reply has shown it. */
  batches: boolean | undefined;
  /** Number of servers at the last look. */
  servers: number;
  /** When it last had a server; -Infinity if never. */
  seen: number;
  /** When the newest answered request was sent. */
  answered: number;
  /** Until when requests may be sent without asking the broker for its counts. */
  trusted: number;
  /** Whether the broker is being asked for its counts. */
  looking: boolean;
  /** When the broker last gave its counts. */
  looked: number;
}

/**
 * - `served`: requests may be sent
 * - `absent`: it had servers a moment ago; requests wait in this process
 * - `unserved`: it has no servers; its requests fail
 */
type Verdict = "served" | "absent" | "unserved";

/** A queue that had a server within so many milliseconds counts as served. */
export const trust = 1_000;

/** Queues that are remembered at most. */
const mostQueues = 1_000;

/**
 * Decides when a queue counts as unserved. A request in a queue without servers could be handled after its caller got a
 * `NoServersError`. So the counts of a queue that showed no server within the last second are read before anything is sent
 * to it. No I/O: it neither reads counts nor sends.
 */
export class QueueMonitor {
  readonly #serverAbsence: number;
  readonly #queues = new LRUCache<string, QueueState>({ max: mostQueues });

  /** @param serverAbsence how long a queue may be without servers, in milliseconds */
  constructor(serverAbsence: number) {
    this.#serverAbsence = serverAbsence;
  }

  queue(name: string): QueueState {
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = {
        name,
        batches: undefined,
        servers: 1,
        seen: -Infinity,
        answered: 0,
        trusted: -Infinity,
        looking: false,
        looked: -Infinity,
      };
      this.#queues.set(name, queue);
    }
    return queue;
  }

  /** Notes the reply to a request that was sent at that time. */
  answered(queue: QueueState, sent: number, now: number): void {
    queue.seen = now;
    queue.trusted = now + trust;
    if (sent > queue.answered) queue.answered = sent;
  }

  /** @param counts nothing if there is no such queue, or the broker did not answer */
  counted(queue: QueueState, counts: QueueCounts | undefined, now: number): Verdict {
    queue.looked = now;
    // If there is no queue, the broker returns the request.
    if (counts) queue.servers = counts.servers;
    if (!counts || counts.servers > 0) {
      queue.trusted = now + trust;
      if (counts) queue.seen = now;
      return "served";
    }
    queue.trusted = -Infinity;
    return now - queue.seen < this.#serverAbsence ? "absent" : "unserved";
  }

  /** Notes that the connection is back. The servers of all queues get the time of `serverAbsence` to reconnect, too. */
  reconnected(now: number): void {
    for (const queue of this.#queues.values()) {
      queue.answered = 0;
      queue.trusted = -Infinity;
      if (queue.seen > 0) queue.seen = now;
    }
  }

  /**
   * The queues whose counts are to be read: those with requests that are not sent, or that were not answered for a while,
   * and those that get batches, because the number of servers determines the size of a batch.
   */
  toLookAt(
    requests: Iterable<{ queue: QueueState; sent: number; batch: string | undefined }>,
    now: number,
  ): Set<QueueState> {
    const queues = new Set<QueueState>();
    for (const { queue, sent, batch } of requests) {
      const unheard = now >= queue.trusted && (sent === 0 || now - sent >= trust);
      if (unheard || (batch !== undefined && now - queue.looked >= trust)) queues.add(queue);
    }
    return queues;
  }
}
