import type { Conversation } from "../conversation.ts";
import { cancel } from "../wire/cancellation.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";

/** A request that was sent and then cancelled by its caller. */
interface CancelledRequest {
  readonly id: string;
  readonly conversation: Conversation;
  /** When the broker drops it, in milliseconds of `performance.now()`. */
  readonly expires: number;
}

/** Cancelled requests that are remembered at most. The oldest are forgotten, and servers may answer them although nobody waits. */
const most = 2_048;

/**
 * Cancelled requests, and which of them servers do not know about yet. If no server listens, the broker returns the notice.
 * The notice is repeated until a server listens or the request has expired, because a server that starts later finds the
 * request in its queue.
 */
export class CancelledRequests {
  readonly #untold = new Map<string, CancelledRequest>();
  readonly #told = new Map<string, CancelledRequest>();

  add(request: CancelledRequest): void {
    keep(this.#untold, request);
  }

  /** Sends the notices that are left. @returns whether there were any */
  tell(writer: ChannelWriter, now: number): boolean {
    const due = this.take(now);
    try {
      for (const { id, conversation } of due) cancel(writer, conversation, id);
    } catch {
      // The channel closed in this turn. Servers may answer these requests although nobody waits.
    }
    return due.length > 0;
  }

  /** Takes the requests whose notices are to be sent now. */
  take(now: number): CancelledRequest[] {
    const due = [...this.#untold.values()].filter(({ expires }) => expires > now);
    this.#untold.clear();
    for (const request of due) keep(this.#told, request);
    return due;
  }

  /** Notes that the broker has returned a notice: no server listens. */
  returned(id: string): void {
    const request = this.#told.get(id);
    if (!request) return;
    this.#told.delete(id);
    this.add(request);
  }

  /** Forgets all requests. Servers know them by the reply address of a connection that is lost. */
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
