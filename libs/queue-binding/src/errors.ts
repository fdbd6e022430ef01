// Few errors, named by what the caller can do about them.

/** No broker answered. Nothing was sent. Check the address, start the broker, or try again later. */
export class BrokerUnreachableError extends Error {
  override readonly name = "BrokerUnreachableError";
}

/** The broker was reached and said no: wrong credentials, virtual host, permission or certificate. Trying again is no use. */
export class AccessRefusedError extends Error {
  override readonly name = "AccessRefusedError";
}

class NotAnswered extends Error {
  /** What is known of the queue; nothing where there is none, or the broker could not be asked. */
  readonly counts: QueueCounts | undefined;
  constructor(message: string, counts?: QueueCounts) {
    super(message);
    this.counts = counts;
  }
}

/** Nobody can answer, and that is known at once: no queue takes the request, or no server listens to its queue. */
export class NoServersError extends NotAnswered {
  override readonly name = "NoServersError";
}

/** Asked, but not answered in time. A server may still be working on it; its reply will be ignored. */
export class AnswerTimeoutError extends NotAnswered {
  override readonly name = "AnswerTimeoutError";
}

/** Too many requests of this process are not answered yet. Nothing was sent. Ask less at once, or try again later. */
export class TooManyRequestsError extends Error {
  override readonly name = "TooManyRequestsError";
}

/** What is validated: a request and its reply, or a message of a stream. */
export type What = "request" | "reply" | "message";

/** A request, a reply or a message of a stream that does not fit its schema. What is wrong was not sent. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";
  /** What does not fit. */
  readonly what: What;
  /** Each way in which it does not fit. */
  readonly issues: readonly Issue[];
  constructor(what: What, issues: readonly Issue[]) {
    super(`the ${what} does not fit: ${summary(issues)}`);
    this.what = what;
    this.issues = issues;
  }
}

/** A dead letter that cannot be sent again as it was: its body or headers were not read. It stays; show it, or drop it. */
export class NotReplayableError extends Error {
  override readonly name = "NotReplayableError";
}

/** The local queue gave nothing within the timeout. A server that serves continually goes on. */
export class Empty extends Error {
  override readonly name = "Empty";
}

/** This connection, queue or server was drained. Connect anew. */
export class ClosedError extends Error {
  override readonly name = "ClosedError";
}

/** How many requests wait in a queue, and how many servers listen to it. */
export interface QueueCounts {
  /** Requests that no server has taken yet. */
  readonly waiting: number;
  /** Consumers of the queue. */
  readonly servers: number;
}

/** One way in which a message does not fit. */
export interface Issue {
  /** The field, dotted; empty for the message as a whole. */
  readonly path: string;
  /** What was expected, and what came. */
  readonly message: string;
}

/** All issues in one line: `days: expected …, got 40; unknown field dayz`. */
export const summary = (issues: readonly Issue[]) =>
  issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; ");
