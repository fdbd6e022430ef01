import type { Connection } from "../connection/connection.ts";
import { NoServersError } from "../errors.ts";
import type { PendingRequests } from "./pending-requests.ts";
import { QueueMonitor, type QueueState } from "./queue-monitor.ts";
import { unreachableError } from "./timeout-error.ts";

/** Time between two checks of the queues of unanswered requests, in milliseconds. */
const interval = 250;

interface QueueWatchEvents {
  readonly served: (queue: QueueState) => void;
  readonly unserved: (queue: QueueState, error: NoServersError) => void;
  /** The connection has been lost for too long. */
  readonly unreachable: (error: Error) => void;
  /** Called at each check. @returns whether further checks are needed */
  readonly lookedAround: () => boolean;
}

/** Asks the broker for the counts of the queues of unanswered requests: before a request is sent, if needed, and regularly. */
export class QueueWatch {
  readonly monitor: QueueMonitor;
  readonly #connection: Connection;
  readonly #pending: PendingRequests;
  readonly #brokerAbsence: number;
  readonly #events: QueueWatchEvents;
  #timer: NodeJS.Timeout | undefined;

  /** @param absences how long a queue may be without servers, and this process without a broker, in milliseconds */
  constructor(
    connection: Connection,
    pending: PendingRequests,
    { serverAbsence, brokerAbsence }: { serverAbsence: number; brokerAbsence: number },
    events: QueueWatchEvents,
  ) {
    this.monitor = new QueueMonitor(serverAbsence);
    this.#connection = connection;
    this.#pending = pending;
    this.#brokerAbsence = brokerAbsence;
    this.#events = events;
  }

  get brokerIsGone(): boolean {
    return this.#connection.lostFor > this.#brokerAbsence;
  }

  /** Begins to check regularly, until no request is unanswered. */
  start(): void {
    this.#timer ??= setInterval(() => this.#lookAround(), interval).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async lookAt(queue: QueueState): Promise<void> {
    const { connected, blocked } = this.#connection;
    // A broker that takes no messages does not answer a passive declaration either.
    if (queue.looking || !connected || blocked) return;
    queue.looking = true;
    const counts = await this.#connection.counts(queue.name);
    queue.looking = false;
    const verdict = this.monitor.counted(queue, counts, performance.now());
    if (verdict === "served") this.#events.served(queue);
    if (verdict !== "unserved") return;
    const why = `the queue is there (${counts?.waiting ?? 0} waiting), but no server listens to it`;
    this.#events.unserved(queue, new NoServersError(`nobody serves ${queue.name}: ${why}`, counts));
  }

  #lookAround(): void {
    if (this.brokerIsGone) this.#events.unreachable(unreachableError(this.#connection));
    if (!this.#events.lookedAround() && this.#pending.size === 0) this.stop();
    const queues = this.monitor.toLookAt(this.#pending.inFlight(), performance.now());
    for (const queue of queues) void this.lookAt(queue);
  }
}
