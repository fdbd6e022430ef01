import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkNumber, longestTime } from "../checks.ts";
import type { Read, Written } from "../conversation.ts";
import type { Issue } from "../errors.ts";

/** The largest body that is read, and the largest reply that is sent, by default, in bytes. */
export const largestBody = 65_536;
export const largestReply = 2 ** 20;

/** Why the server answers in the handler's place. */
export interface Refusal {
  /** Whose turn it is to mend it: the caller's, an operator's (an older server), or the handler's author's. */
  readonly reason: "invalid-request" | "unsupported-version" | "failed";
  /** What is wrong, for people. */
  readonly message: string;
  /** Each field that does not fit; empty for any other reason. */
  readonly issues: readonly Issue[];
}

/** What became of one request. */
export interface Settled<Reply = unknown> {
  /** Its `correlation_id` or `message_id`. */
  readonly id: string | undefined;
  /** Routing key to which it was sent. */
  readonly routingKey: string;
  /** Id of its trace, 32 hexadecimal digits, if it belongs to one. */
  readonly traceId: string | undefined;
  /** Which try it was, from 1. */
  readonly attempt: number;
  /** From its taking to its settlement. */
  readonly milliseconds: number;
  /**
   * - `answered`: the broker has its reply, be it the handler's or a refusal
   * - `expired`: its time was over before it was its turn; dropped
   * - `cancelled`: its caller gave it up before it was its turn; dropped
   * - `requeued`: it failed, and is tried again by whoever gets it
   * - `dead-lettered`: it was given up, and is kept as a dead letter
   * - `lost`: the channel that delivered it is gone, or the server stopped before it was done; another server gets it
   */
  readonly outcome: "answered" | "expired" | "cancelled" | "requeued" | "dead-lettered" | "lost";
  /** What was sent, if something was. */
  readonly reply?: Reply;
  /** What went wrong, if something did. */
  readonly error?: unknown;
}

/** What a handler may know of the message beside the request. */
export interface Context {
  /** Its `correlation_id` or `message_id`. */
  readonly id: string | undefined;
  /** Routing key to which it was sent. */
  readonly routingKey: string;
  /** Which try this is, from 1. */
  readonly attempt: number;
  /** Aborts when the request has had its time ({@link AnswerOptions.requestTimeout}): stop working on it. */
  readonly signal: AbortSignal;
}

/**
 * Answers one request. A deeply frozen reply is validated and encoded once: return the same object again to save that.
 */
export type Handler<Request extends StandardSchemaV1, Reply extends StandardSchemaV1> = (
  request: Read<Request>,
  context: Context,
) => Written<Reply> | Promise<Written<Reply>>;

/** How a server answers. */
export interface AnswerOptions<Reply> {
  /** Makes the reply to a request that does not reach the handler, or that the handler fails. */
  refuse: (refusal: Refusal) => Reply;
  /** Requests worked on at once, each by an event loop of its own. @default 8 */
  concurrency?: number;
  /** Messages that the broker may have given to this process and that are not settled, 1 to 65535. @default 64 */
  prefetch?: number;
  /**
   * How long the handler may work on one request, in milliseconds; then the try has failed. It cannot end a handler that
   * never gives the event loop back. @default 30000
   */
  requestTimeout?: number;
  /**
   * How long a request may wait in this process before it is begun, in milliseconds; then it goes back into the queue, for any
   * server. Keep this and `requestTimeout` together below the broker's `consumer_timeout` (30 minutes by default): the broker
   * closes the channel of who holds a message for longer. @default 600000
   */
  holdTimeout?: number;
  /** How long an event loop waits for a request before it notes that none came, in milliseconds. @default 60000 */
  idleTimeout?: number;
  /** Largest body that is read, in bytes. @default 65536 */
  maxBody?: number;
  /**
   * Largest reply that is sent, in bytes, well below the broker's `max_message_size` (16 MiB in RabbitMQ 4). A larger one
   * becomes a refusal, and its request a dead letter. @default 1048576
   */
  maxReply?: number;
  /** Told of every request, once, after it was settled. */
  onSettled?: (settled: Settled<Reply>) => void;
  /** Told of each reply that came back because its caller's queue has gone. */
  onReturned?: (replyTo: string) => void;
  /** Told when an event loop has waited for `idleTimeout` in vain. */
  onEmpty?: () => void;
}

const counts = ["concurrency", "maxBody", "maxReply"] as const;
const times = ["requestTimeout", "holdTimeout", "idleTimeout"] as const;

/** @throws {RangeError} if an option is no number of its range */
export function checkAnswerOptions(
  options: Pick<AnswerOptions<never>, (typeof counts)[number] | (typeof times)[number] | "prefetch">,
): void {
  for (const name of counts) {
    const value = options[name];
    if (value !== undefined) checkNumber(name, value, { min: 1, whole: true });
  }
  for (const name of times) {
    const value = options[name];
    if (value !== undefined) checkNumber(name, value, { min: 1, max: longestTime });
  }
  const { prefetch } = options;
  if (prefetch !== undefined) checkNumber("prefetch", prefetch, { min: 1, max: 65_535, whole: true });
}
