import type { StateName, Status } from "@weather/contracts";

/** Median and 99th percentile, in milliseconds. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** How a state's farm does. */
export interface LiveState {
  readonly state: StateName;
  /** Servers that listen, as the broker counts them. */
  readonly servers: number;
  /** Servers that did not report: they are busy, stopped or older than the question. */
  readonly silent: number;
  /** Requests in the state's queue. */
  readonly waiting: number;
  /** Requests that servers hold: handled or in their local queues. */
  readonly inFlight: number;
  /** Null where it is not known yet. */
  readonly answeredPerSecond: number | null;
  /** From the sending of a request to its start, last minute; the slowest server's p99. Null where nothing was answered. */
  readonly wait: Times | null;
  /** From the start of a request to its settlement, in the same way. */
  readonly handler: Times | null;
  /** Newest day of which a server knows an observation, YYYY-MM-DD. */
  readonly newestObservation: string | null;
  /** Null where there is no management API. */
  readonly deadLetters: number | null;
  /** When servers last reported, ISO 8601. Null where none did. */
  readonly reportedAt: string | null;
  /** The reports, sorted by server. */
  readonly each: readonly Status[];
}

/** Data of the event `farms` of `GET /v1/live`. Figures that cannot be had now are those of the last event. */
export interface LiveEvent {
  /** When the figures were gathered, ISO 8601. */
  readonly at: string;
  readonly broker:
    | { readonly ok: true }
    /** @param since when it was first found unreachable, ISO 8601 */
    | { readonly ok: false; readonly since: string; readonly message: string };
  readonly states: readonly LiveState[];
}
