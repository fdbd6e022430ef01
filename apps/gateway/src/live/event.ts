import type { FarmReport } from "@weather/contracts";

/** Median and 99th percentile, in milliseconds. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** The state of one farm. */
export interface LiveState extends FarmReport {
  /** Whether the cluster is connected. If not, the figures are the last ones that were read. */
  readonly reachable: boolean;
  /** Minutes by which the state's clocks are ahead of UTC. */
  readonly utcOffset: number;
  /** Requests that servers hold: handled or in their local queues. */
  readonly inFlight: number;
  /** Since the previous event. Null if it is not known yet. */
  readonly answeredPerSecond: number | null;
  /** Requests of the state's queue that were settled, per second, as RabbitMQ counts over 5 s. Null without a management API. */
  readonly settledPerSecond: number | null;
  /**
   * Time from the sending of a request to its start, in the last minute: the p50 of all servers together, and the p99 of the
   * slowest server. Null if nothing was answered.
   */
  readonly wait: Times | null;
  /** Time from the start of a request to its settlement, in the same way. */
  readonly handler: Times | null;
  /** Newest day, YYYY-MM-DD, of which a server has an observation. Null if there is none. */
  readonly newestObservation: string | null;
  /**
   * Requests that the servers in this report have dead-lettered since they started, but at most the length of the queue if
   * that is known. Null if no server reported.
   */
  readonly deadLetters: number | null;
  /** When servers last reported, ISO 8601. Null if none did. */
  readonly reportedAt: string | null;
}

/** Data of the event `farms` of `GET /v1/live`. A figure that cannot be read now keeps the value of the last event. */
export interface LiveEvent {
  /** When the figures were gathered, ISO 8601. */
  readonly at: string;
  readonly broker:
    | { readonly ok: true }
    /** No cluster is connected. `since`: when that was first found, ISO 8601. */
    | { readonly ok: false; readonly since: string; readonly message: string };
  /** Messages in the queue of dead letters, which all states share. Null without a management API. */
  readonly deadLetters: number | null;
  readonly states: readonly LiveState[];
}
