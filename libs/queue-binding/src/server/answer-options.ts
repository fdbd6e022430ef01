import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkFunction, checkNumber, longestTime } from "../checks.ts";
import type { Read, Written } from "../conversation.ts";
import type { Issue } from "../errors.ts";

/** Default limits of a request's body and of a reply, in bytes. */
export const largestBody = 65_536;
export const largestReply = 2 ** 20;

/** Why the server answers instead of the handler. */
export interface Refusal {
  /**
   * Shows who can fix it: `invalid-request` the caller, `unsupported-version` an operator (the server is too old), `failed` the
   * author of the handler.
   */
  readonly reason: "invalid-request" | "unsupported-version" | "failed";
  /** The reason in words, for people. */
  readonly message: string;
  /** Each invalid field; empty for any other reason. */
  readonly issues: readonly Issue[];
}

/** The end of one request. */
export interface Settled<Reply = unknown> {
  /** Its `correlation_id` or `message_id`. */
  readonly id: string | undefined;
  /** Routing key to which it was sent. */
  readonly routingKey: string;
  /** Id of its trace, 32 hexadecimal digits, if it belongs to one. */
  readonly traceId: string | undefined;
  /** Which try it was, from 1. */
  readonly attempt: number;
  /** Time from its start in this process to its settlement. */
  readonly milliseconds: number;
  /**
   * Milliseconds from its sending to its start. Nothing if it was not begun, was published again by a server, or its sender does
   * not tell the time. Whole milliseconds; exact only between clocks that are set by NTP or the like.
   */
  readonly wait: number | undefined;
  /**
   * - `answered`: the broker has its reply, from the handler or a refusal
   * - `expired`: its expiration passed before it was answered; it was dropped
   * - `cancelled`: its caller cancelled it before it was begun; it was dropped
   * - `requeued`: it failed, and a server will try it again
   * - `dead-lettered`: it is a dead letter now
   * - `lost`: its channel closed, or the server stopped before it was done; another server gets it
   */
  readonly outcome: "answered" | "expired" | "cancelled" | "requeued" | "dead-lettered" | "lost";
  /** The reply that was sent, if there is one. */
  readonly reply?: Reply;
  /** The error, if there was one. */
  readonly error?: unknown;
}

/** Facts about a request's message, for the handler. */
export interface Context {
  /** Its `correlation_id` or `message_id`. */
  readonly id: string | undefined;
  /** Routing key to which it was sent. */
  readonly routingKey: string;
  /** Which try this is, from 1. */
  readonly attempt: number;
  /** Aborts after {@link AnswerOptions.requestTimeout}. The handler should stop then. */
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
  /** Makes the reply to a request that does not reach the handler, or for which the handler fails. */
  refuse: (refusal: Refusal) => Reply;
  /** Requests handled at once by one process, each by its own event loop, 1 to 65535. @default 8 */
  concurrency?: number;
  /** AMQP prefetch: unsettled deliveries to this process, 1 to 65535. @default 64 */
  prefetch?: number;
  /**
   * How long the handler may work on one request, in milliseconds. After that the try has failed. A handler that blocks the
   * event loop cannot be interrupted. @default 30000
   */
  requestTimeout?: number;
  /**
   * How long a request may wait in this process before it is begun, in milliseconds. After that it returns to the queue, for
   * any server. The sum of this and `requestTimeout` must be below the broker's `consumer_timeout` (30 minutes by default):
   * the broker closes the channel of a consumer that holds a message for longer. @default 600000
   */
  holdTimeout?: number;
  /** How long an event loop waits for a request before it calls `onEmpty`, in milliseconds. @default 60000 */
  idleTimeout?: number;
  /** Largest body that is read, in bytes. @default 65536 */
  maxBody?: number;
  /**
   * Largest reply that is sent, in bytes. It should be well below the broker's `max_message_size` (16 MiB in RabbitMQ 4).
   * A larger reply is replaced by a refusal, and its request is dead-lettered. @default 1048576
   */
  maxReply?: number;
  /** Called once for every request, after its settlement. */
  onSettled?: (settled: Settled<Reply>) => void;
  /** Called for each reply that the broker returned because its caller's queue does not exist any more. */
  onReturned?: (replyTo: string) => void;
  /** Called when no request has come within `idleTimeout`. */
  onEmpty?: () => void;
}

const counts = ["maxBody", "maxReply"] as const;
const slots = ["concurrency", "prefetch"] as const;
const times = ["requestTimeout", "holdTimeout", "idleTimeout"] as const;

const listeners = ["onSettled", "onReturned", "onEmpty"] as const;

/** @throws {TypeError} if the handler or `refuse` is not a function */
export function checkFunctions(handler: unknown, options: { readonly refuse: unknown }): void {
  checkFunction("the handler", handler);
  checkFunction("the option refuse", (options as { refuse?: unknown } | undefined)?.refuse);
}

/** @throws {RangeError} if an option is not a number in its range @throws {TypeError} if one is not a function */
export function checkAnswerOptions<Reply>(options: AnswerOptions<Reply>): void {
  for (const name of listeners) if (options[name] !== undefined) checkFunction(name, options[name]);
  for (const name of counts) {
    const value = options[name];
    if (value !== undefined) checkNumber(name, value, { min: 1, whole: true });
  }
  for (const name of times) {
    const value = options[name];
    if (value !== undefined) checkNumber(name, value, { min: 1, max: longestTime });
  }
  for (const name of slots) {
    const value = options[name];
    if (value !== undefined) checkNumber(name, value, { min: 1, max: 65_535, whole: true });
  }
}
