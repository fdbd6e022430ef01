import { LRUCache } from "lru-cache";
import type { QueueCounts } from "../errors.ts";

/** What is known of a queue. Times are in milliseconds of `performance.now()`. */
export interface QueueState {
  readonly name: string;
  /** Whether its servers have said that they understand batches, or have shown that they do not. */
  batches: boolean | undefined;
  /** How many servers it last had. */
  servers: number;
  /** When it last showed a server; -Infinity: never yet. */
  seen: number;
  /** When the newest request that it has answered was sent. */
  answered: number;
  /** Until when requests may be sent without another look at it. */
  trusted: number;
  /** Whether somebody is looking at it. */
  looking: boolean;
  /** When somebody last looked at it. */
  looked: number;
}

/**
 * - `served`: requests may be sent
 * - `absent`: its servers have gone a moment ago; what is asked waits here
 * - `unserved`: what was asked fails
 */
export type Verdict = "served" | "absent" | "unserved";

/** A sign of life counts for this long, in milliseconds. */
export const trust = 1_000;

/** Queues that are remembered. */
const mostQueues = 1_000;

/**
 * When a queue counts as unserved. A request that lies in a queue without servers could be handled after its caller was
 * told that nobody serves it. So nothing is sent to a queue that has shown no server within the last second: it is looked
 * at before. Pure: who looks, and what is sent, is not decided here.
 */
export class QueueMonitor {
  readonly #serverAbsence: number;
  readonly #queues = new LRUCache<string, QueueState>({ max: mostQueues });

  /** @param serverAbsence how long a queue that had servers may be without, in milliseconds */
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

  /** A request that was sent at that time has been answered. */
  answered(queue: QueueState, sent: number, now: number): void {
    queue.seen = now;
    queue.trusted = now + trust;
    if (sent > queue.answered) queue.answered = sent;
  }

  /** @param counts nothing if there is no such queue, or the broker did not say */
  counted(queue: QueueState, counts: QueueCounts | undefined, now: number): Verdict {
    queue.looked = now;
    // Where there is no queue, the broker returns the request.
    if (counts) queue.servers = counts.servers;
    if (!counts || counts.servers > 0) {
      queue.trusted = now + trust;
      if (counts) queue.seen = now;
      return "served";
    }
    queue.trusted = -Infinity;
    return now - queue.seen < this.#serverAbsence ? "absent" : "unserved";
  }

  /** The connection is back: servers, too, need a while to come back. */
  reconnected(now: number): void {
    for (const queue of this.#queues.values()) {
      queue.answered = 0;
      queue.trusted = -Infinity;
      if (queue.seen > 0) queue.seen = now;
    }
  }

  /**
   * Which queues to look at: those with requests that wait here, or that have heard nothing for a while, and those that
   * get batches, which are made for as many servers as there are.
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
