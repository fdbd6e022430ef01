import type { FarmReport } from "@weather/contracts";

/** Median and 99th percentile, in milliseconds. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** How a state's farm does. */
export interface LiveState extends FarmReport {
  /** Whether the state's cluster is connected. If not, the figures are those of before. */
  readonly reachable: boolean;
  /** Requests that servers hold: handled or in their local queues. */
  readonly inFlight: number;
  /** Since the event before. Null where it is not known yet. */
  readonly answeredPerSecond: number | null;
  /** From the sending of a request to its start, last minute; the slowest server's p99. Null where nothing was answered. */
  readonly wait: Times | null;
  /** From the start of a request to its settlement, in the same way. */
  readonly handler: Times | null;
  /** Newest day of which a server knows an observation, YYYY-MM-DD. */
  readonly newestObservation: string | null;
  /**
   * Requests that the servers which reported have dead-lettered since they started. Never more than there are in the queue, where
   * that is known. Null where no server reported.
   */
  readonly deadLetters: number | null;
  /** When servers last reported, ISO 8601. Null where none did. */
  readonly reportedAt: string | null;
}

/** Data of the event `farms` of `GET /v1/live`. Figures that cannot be had now are those of the last event. */
export interface LiveEvent {
  /** When the figures were gathered, ISO 8601. */
  readonly at: string;
  readonly broker:
    | { readonly ok: true }
    /** No cluster is connected. `since`: when that was first found, ISO 8601. */
    | { readonly ok: false; readonly since: string; readonly message: string };
  /** Messages in the queue of dead letters of all states. Null where there is no management API. */
  readonly deadLetters: number | null;
  readonly states: readonly LiveState[];
}
