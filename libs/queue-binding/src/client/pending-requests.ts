import type { Context } from "@opentelemetry/api";
import type { Conversation } from "../conversation.ts";
import { TooManyRequestsError } from "../errors.ts";
import type { AskOptions } from "./options.ts";
import type { QueueState } from "./queue-monitor.ts";
import { isBatchId } from "./request-ids.ts";

/** An unanswered request. Times are in milliseconds of `performance.now()`. */
export interface PendingRequest {
  readonly id: string;
  readonly conversation: Conversation;
  readonly queue: QueueState;
  readonly body: string;
  /** The caller's deadline, in milliseconds after the call. */
  readonly deadline: number;
  readonly expires: number;
  readonly signal: AbortSignal | undefined;
  /** The trace that it belongs to. */
  readonly context: Context;
  /** Whether it may travel in a batch. */
  readonly together: boolean;
  /** Id of the batch in which it was last sent. */
  batch: string | undefined;
  /** Nothing once it has the reply. */
  caller: Caller | undefined;
  /** When it was last published. 0 if it was not, or if that connection is lost. */
  sent: number;
}

/** Settles the promise of a request. */
interface Caller {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onBody: AskOptions["onBody"];
}

export interface Limits {
  /** Requests in flight at once. Further requests wait, in order. */
  readonly maxInFlight: number;
  /** Memory for unanswered requests, in bytes. */
  readonly maxMemory: number;
}

/** Memory of a request without its body, in bytes: measured, rounded up. */
const overhead = 1_024;

const sizeOf = ({ body }: PendingRequest) => body.length + overhead;

/** All unanswered requests. Some are in flight. The others wait because `maxInFlight` is reached. No I/O: it sends and rejects nothing. */
export class PendingRequests {
  readonly #limits: Limits;
  readonly #all = new Map<string, PendingRequest>();
  readonly #waiting = new Set<PendingRequest>();
  #memory = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#all.size;
  }

  get(id: string): PendingRequest | undefined {
    return this.#all.get(id);
  }

  has(request: PendingRequest): boolean {
    return this.#all.get(request.id) === request;
  }

  /** All unanswered requests, oldest first. */
  all(): PendingRequest[] {
    return [...this.#all.values()];
  }

  /** Requests in flight, oldest first. */
  inFlight(): PendingRequest[] {
    return this.all().filter((request) => !this.#waiting.has(request));
  }

  /** Requests to this queue, oldest first. */
  of(queue: QueueState): PendingRequest[] {
    return this.all().filter((request) => request.queue === queue);
  }

  /** Unanswered requests that were sent in the message with this id. */
  travelledAs(id: string): PendingRequest[] {
    if (isBatchId(id)) return this.all().filter(({ batch }) => batch === id);
    const request = this.get(id);
    return request ? [request] : [];
  }

  isWaiting(request: PendingRequest): boolean {
    return this.#waiting.has(request);
  }

  /**
   * @returns whether it is in flight
   * @throws {TooManyRequestsError} if `maxMemory` is reached; a single request is always accepted
   */
  add(request: PendingRequest): boolean {
    const { maxInFlight, maxMemory } = this.#limits;
    const size = sizeOf(request);
    if (this.#memory + size > maxMemory && this.#all.size > 0) {
      throw new TooManyRequestsError(
        `${this.#all.size} requests are not answered yet, and there is no memory for more (${maxMemory} bytes). ` +
          "Ask less at once, or allow more: maxMemory.",
      );
    }
    const hasPlace = this.#waiting.size === 0 && this.#all.size < maxInFlight;
    this.#memory += size;
    this.#all.set(request.id, request);
    if (!hasPlace) this.#waiting.add(request);
    return hasPlace;
  }

  /** @returns false if it was removed before */
  remove(request: PendingRequest): boolean {
    if (!this.#all.delete(request.id)) return false;
    this.#waiting.delete(request);
    this.#memory -= sizeOf(request);
    return true;
  }

  /** Moves the request that has waited longest into flight, if there is room. Remove all requests that end together first. */
  promote(): PendingRequest | undefined {
    if (this.#all.size - this.#waiting.size >= this.#limits.maxInFlight) return undefined;
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      return next;
    }
    return undefined;
  }
}
