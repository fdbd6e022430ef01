import { checkNumber } from "../checks.ts";

/** How one request is asked. */
export interface AskOptions {
  /**
   * How long the answer may take, in milliseconds, from the call, at most 24 days. The broker drops the request after it.
   * @default 10000
   */
  deadline?: number;
  /** Gives the request up: the promise rejects with the signal's reason, and no server begins to work on it. */
  signal?: AbortSignal;
}

/** How replies are gathered. */
export interface GatherOptions extends AskOptions {
  /** Replies that are enough, from 1. @default all that come by the deadline */
  count?: number;
}

/** One of several replies to one message: it has either a reply or, where it does not fit, an error. */
export interface Gathered<Reply> {
  /** The reply, validated. */
  readonly reply?: Reply;
  /** Why the reply cannot be read: a `ValidationError`. */
  readonly error?: unknown;
  /** Replies that came before this one and were dropped, because they came faster than they were read. */
  readonly dropped?: number;
}

/** Limits of what a client asks. */
export interface RequestClientOptions {
  /** Requests on their way at once, from 1; further ones wait in this process, in order. @default 1024 */
  maxInFlight?: number;
  /**
   * Memory for requests that are not answered yet, in bytes: their bodies, and 1 KiB each. `ask` rejects with a
   * `TooManyRequestsError` where there is no more. @default 67108864
   */
  maxMemory?: number;
  /**
   * How long a queue that had servers may be without before its requests fail, in milliseconds: long enough for a
   * restart of servers or broker. A queue that never had any fails at once. @default 10000
   */
  serverAbsence?: number;
}

/** @throws {RangeError} if an option is no number of its range */
export function checkClientOptions(options: RequestClientOptions): Required<RequestClientOptions> {
  const { maxInFlight = 1024, maxMemory = 64 * 2 ** 20, serverAbsence = 10_000 } = options;
  checkNumber("maxInFlight", maxInFlight, { min: 1, whole: true });
  checkNumber("maxMemory", maxMemory, { min: 1, whole: true });
  checkNumber("serverAbsence", serverAbsence, { min: 0 });
  return { maxInFlight, maxMemory, serverAbsence };
}
