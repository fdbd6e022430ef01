import { TimerWheel } from "../timer-wheel.ts";
import { PendingRequests, type Limits, type PendingRequest } from "./pending-requests.ts";
import { Signals } from "./signals.ts";

interface OpenRequestsEvents {
  /** The request is in flight from now on. */
  readonly hasPlace: (request: PendingRequest) => void;
  /** Their deadlines have passed. */
  readonly expired: (requests: readonly PendingRequest[]) => void;
  /** Their signals have aborted. */
  readonly aborted: (requests: readonly PendingRequest[], reason: unknown) => void;
}

/** Requests with their deadlines and signals. Each ends once, and makes room for the next. */
export class OpenRequests extends PendingRequests {
  readonly #events: OpenRequestsEvents;
  readonly #deadlines: TimerWheel<PendingRequest>;
  readonly #signals: Signals<PendingRequest>;
  #idle: (() => void) | undefined;

  constructor(limits: Limits, events: OpenRequestsEvents) {
    super(limits);
    this.#events = events;
    this.#deadlines = new TimerWheel(events.expired);
    this.#signals = new Signals(events.aborted);
  }

  /** @throws {TooManyRequestsError} if there is no memory for it */
  open(request: PendingRequest): void {
    const hasPlace = this.add(request);
    this.#deadlines.add(request, request.expires);
    if (request.signal) this.#signals.add(request, request.signal);
    if (hasPlace) this.#events.hasPlace(request);
  }

  /** Ends requests, except those that have ended before. */
  settle(requests: readonly PendingRequest[], end: (request: PendingRequest) => void): void {
    // All are removed first, so that none of them is promoted before it ends.
    for (const request of requests.filter((request) => this.#close(request))) end(request);
    this.#makeRoom();
  }

  /** Ends a request with its reply, unless it has ended before. */
  resolve(request: PendingRequest, reply: unknown): void {
    if (!this.#close(request)) return;
    const { caller } = request;
    // V8 may keep this request in an outgrown table of a `Map` until the next full garbage collection, and the reply with it.
    request.caller = undefined;
    caller?.resolve(reply);
    this.#makeRoom();
  }

  fail(requests: readonly PendingRequest[], error: unknown): void {
    this.settle(requests, ({ caller }) => caller?.reject(error));
  }

  /** @returns false if it has ended before */
  #close(request: PendingRequest): boolean {
    if (!this.remove(request)) return false;
    this.#deadlines.delete(request, request.expires);
    if (request.signal) this.#signals.delete(request, request.signal);
    return true;
  }

  #makeRoom(): void {
    for (let next = this.promote(); next; next = this.promote()) this.#events.hasPlace(next);
    if (this.size === 0) this.#idle?.();
  }

  /** Resolves when none is left. */
  async idle(): Promise<void> {
    if (this.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }
}
