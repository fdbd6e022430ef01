import type { Conversation } from "../conversation.ts";
import { cancel } from "../wire/cancellation.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";

/** A request that its caller gave up after it was sent. */
export interface CancelledRequest {
  readonly id: string;
  readonly conversation: Conversation;
  /** When the broker drops it, in milliseconds of `performance.now()`. */
  readonly expires: number;
}

/** The most that are remembered; the oldest are forgotten, and may be handled in vain. */
const most = 2_048;

/**
 * Which servers are still to be told that a request needs no answer. Where none listens, the broker returns the notice;
 * it is repeated until somebody listens or the request has expired, because a server that comes later would find the
 * request in its queue.
 */
export class CancelledRequests {
  readonly #untold = new Map<string, CancelledRequest>();
  readonly #told = new Map<string, CancelledRequest>();

  /** Whether somebody is still to be told. */
  get empty(): boolean {
    return this.#untold.size === 0;
  }

  add(request: CancelledRequest): void {
    keep(this.#untold, request);
  }

  /** Tells the servers of those that have not heard of it. @returns whether there were any */
  tell(writer: ChannelWriter, now: number): boolean {
    const due = this.take(now);
    try {
      for (const { id, conversation } of due) cancel(writer, conversation, id);
    } catch {
      // The channel closed in this turn: what they ask is answered in vain.
    }
    return due.length > 0;
  }

  /** Those whose servers are to be told now. */
  take(now: number): CancelledRequest[] {
    const due = [...this.#untold.values()].filter(({ expires }) => expires > now);
    this.#untold.clear();
    for (const request of due) keep(this.#told, request);
    return due;
  }

  /** The broker has returned the notice: no server listens. */
  returned(id: string): void {
    const request = this.#told.get(id);
    if (!request) return;
    this.#told.delete(id);
    this.add(request);
  }

  /** The connection is lost, and with it the reply address by which servers would know them. */
  clear(): void {
    this.#untold.clear();
    this.#told.clear();
  }
}

function keep(requests: Map<string, CancelledRequest>, request: CancelledRequest): void {
  requests.set(request.id, request);
  for (const id of requests.keys()) {
    if (requests.size <= most) break;
    requests.delete(id);
  }
}
