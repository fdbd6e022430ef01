// Few errors, named by what the caller can do about them.

/** No broker answered. Nothing was sent. Check the address, start the broker, or try again later. */
export class BrokerUnreachableError extends Error {
  override readonly name = "BrokerUnreachableError";
}

/** The broker refused: wrong credentials, virtual host, permission or certificate. Trying again does not help. */
export class AccessRefusedError extends Error {
  override readonly name = "AccessRefusedError";
}

class NotAnswered extends Error {
  /** Counts of the queue. Nothing if there is no such queue, or the broker could not be asked. */
  readonly counts: QueueCounts | undefined;
  constructor(message: string, counts?: QueueCounts) {
    super(message);
    this.counts = counts;
  }
}

/** No queue takes the request, or no server listens to its queue. It fails at once, without waiting for its deadline. */
export class NoServersError extends NotAnswered {
  override readonly name = "NoServersError";
}

/** The request was not answered in time. A server may still be working on it; its reply will be ignored. */
export class AnswerTimeoutError extends NotAnswered {
  override readonly name = "AnswerTimeoutError";
}

/** Too many requests of this process are not answered yet. Nothing was sent. Send fewer at once, or try again later. */
export class TooManyRequestsError extends Error {
  override readonly name = "TooManyRequestsError";
}

/** What is validated: a request and its reply, or a message of a stream. */
export type What = "request" | "reply" | "message";

/** A request, a reply or a message of a stream does not match its schema. An invalid message is not sent. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";
  /** Which message is invalid. */
  readonly what: What;
  /** Every rule of the schema that the message breaks. */
  readonly issues: readonly Issue[];
  constructor(what: What, issues: readonly Issue[]) {
    super(`the ${what} does not fit: ${summary(issues)}`);
    this.what = what;
    this.issues = issues;
  }
}

/** A dead letter cannot be sent again as it was, because part of it was not read. It stays in its queue; show it, or drop it. */
export class NotReplayableError extends Error {
  override readonly name = "NotReplayableError";
}

/** No item came into the local queue within the timeout. A server catches this error and waits again. */
export class Empty extends Error {
  override readonly name = "Empty";
}

/** This connection, queue or server was drained. Connect again. */
export class ClosedError extends Error {
  override readonly name = "ClosedError";
}

/** Waiting requests and consumers of a queue. */
export interface QueueCounts {
  /** Requests that are not delivered to a server yet. */
  readonly waiting: number;
  /** Consumers of the queue. */
  readonly servers: number;
}

/** One rule of the schema that a message breaks. */
export interface Issue {
  /** The field, with dots between its parts. Empty for the message as a whole. */
  readonly path: string;
  /** The expected value, and the value that came. */
  readonly message: string;
}

/** All issues in one line: `days: expected …, got 40; unknown field dayz`. */
export const summary = (issues: readonly Issue[]) =>
  issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; ");

/** Longest error text, in characters. */
const longestMessage = 2_000;

/** The text of anything that was thrown, at most 2,000 characters, so that a header of a dead letter can carry it. */
export function describe(error: unknown): string {
  let text: string;
  try {
    text = String(error instanceof Error ? error.message : error);
  } catch {
    text = "something that cannot be put into words";
  }
  return text.length > longestMessage ? `${text.slice(0, longestMessage)} …` : text;
}
