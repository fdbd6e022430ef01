import { checkNumber } from "../checks.ts";
import type { TraceHeaders } from "../wire/trace-context.ts";

/** How one request is asked. */
export interface AskOptions {
  /**
   * How long the reply may take after the call, in milliseconds, at most 24 days. After that the broker drops the request.
   * @default 10000
   */
  deadline?: number;
  /** Cancels the request: the promise rejects with the signal's reason, and no server begins to work on the request. */
  signal?: AbortSignal;
  /** The trace that the request continues if OpenTelemetry has no active span, such as that of an HTTP request's headers. */
  trace?: TraceHeaders;
  /**
   * Whether it may travel in one message with others that are asked in the same turn of the event loop, as those of `askEach` do.
   * It costs the broker less where many ask at once. @default false
   */
  together?: boolean;
  /**
   * Gets the body of a valid reply before the promise resolves: JSON in UTF-8, as the server wrote it. For one who passes replies
   * on. Copy it to keep it: it shares the memory of a larger message.
   */
  onBody?: (body: Buffer) => void;
}

/** How replies are gathered. */
export interface GatherOptions extends Omit<AskOptions, "together" | "onBody"> {
  /** Stops after so many replies, from 1. @default all that come by the deadline */
  count?: number;
}

/** One of several replies to one message: either a valid reply or an error. */
export interface Gathered<Reply> {
  /** The reply, validated. */
  readonly reply?: Reply;
  /** A `ValidationError`: the reply does not match its schema. */
  readonly error?: unknown;
  /** Number of replies that were dropped before this one, because they came faster than they were read. */
  readonly dropped?: number;
}

/** Limits of a client's requests. */
export interface RequestClientOptions {
  /** Requests in flight at once, from 1. Further requests wait in this process, in order. @default 1024 */
  maxInFlight?: number;
  /**
   * Memory for unanswered requests, in bytes: their bodies, and 1 KiB each. Above it `ask` rejects with a
   * `TooManyRequestsError`. @default 67108864
   */
  maxMemory?: number;
  /**
   * How long a queue may be without servers before its requests fail, in milliseconds. It should cover a restart of the
   * servers or the broker. Requests to a queue that never had a server fail at once. @default 10000
   */
  serverAbsence?: number;
  /**
   * How long the connection may be lost before unanswered requests fail with a `BrokerUnreachableError`, in milliseconds.
   * Further requests fail at once, until it is back. @default until the deadline of each request
   */
  brokerAbsence?: number;
}

/** @throws {RangeError} if an option is not a number in its range */
export function checkClientOptions(options: RequestClientOptions) {
  const { maxInFlight = 1024, maxMemory = 64 * 2 ** 20 } = options;
  const { serverAbsence = 10_000, brokerAbsence = Infinity } = options;
  checkNumber("maxInFlight", maxInFlight, { min: 1, whole: true });
  checkNumber("maxMemory", maxMemory, { min: 1, whole: true });
  checkNumber("serverAbsence", serverAbsence, { min: 0 });
  checkNumber("brokerAbsence", brokerAbsence, { min: 0 });
  return { limits: { maxInFlight, maxMemory }, absences: { serverAbsence, brokerAbsence } };
}
