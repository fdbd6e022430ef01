import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkFunction, checkNumber, checkText, kindOf } from "./checks.ts";
import { describe, ValidationError, type Issue, type What } from "./errors.ts";
import type { ReplyAddress } from "./wire/reply-address.ts";

/**
 * What client and server agree on: the exchange, the queues and the schemas of requests and replies.
 * Any plain object of this form will do; its schemas may come from zod or any other Standard Schema library.
 */
export interface Conversation<
  Request extends StandardSchemaV1 = StandardSchemaV1,
  Reply extends StandardSchemaV1 = StandardSchemaV1,
> {
  /** Topic exchange to which requests are published. It must exist. */
  readonly exchange: string;
  /** Routing key of a request. */
  readonly routingKey: string;
  /** Queue in which requests wait; all servers of the conversation share it. */
  readonly queue: string;
  /** Binding key that brings requests into the queue. */
  readonly bindingKey: string;
  /** Queue of dead letters: requests that could not be answered. */
  readonly deadLetter: string;
  /** Schema of a request. */
  readonly request: Request;
  /** Schema of a reply, as a client reads it. It should ignore unknown fields: a newer server may send more. */
  readonly reply: Reply;
  /** Schema with which a server checks its own replies before it sends them. @default `reply` */
  readonly strictReply?: StandardSchemaV1;
  /**
   * Version of the contract, from 1. Each request carries it in the header `contract-version`. A server refuses a request
   * with a newer version than its own. @default none: there is no header, and nothing is compared
   */
  readonly version?: number;
  /**
   * Where replies may go. A server publishes with its own rights, so it must not publish where its caller could not.
   * @default anywhere except the exchange of the requests, their queues and their dead letters
   */
  readonly mayReplyTo?: (address: ReplyAddress) => boolean;
}

const isText = (value: unknown) => typeof value === "string";
/** Whether a value is a Standard Schema, as far as this library uses it. */
export const isSchema = (value: unknown) =>
  typeof (value as Partial<StandardSchemaV1> | undefined)?.["~standard"]?.validate === "function";

/**
 * @param queue whether it must name a queue
 * @throws `TypeError` if the value is not a conversation: a name or a schema is missing
 */
export function checkConversation(conversation: unknown, queue = true): void {
  const given = (conversation ?? {}) as Partial<Conversation>;
  const named = isText(given.exchange) && isText(given.routingKey) && (!queue || isText(given.queue));
  if (named && isSchema(given.request) && isSchema(given.reply)) return;
  const names = (["exchange", "routingKey", "queue"] as const).filter((name) => !isText(given[name]));
  const schemas = (["request", "reply"] as const).filter((name) => !isSchema(given[name]));
  throw new TypeError(
    "expected a conversation (an object with exchange, routingKey, queue, and a Standard Schema as request and reply), " +
      `got ${kindOf(conversation)}` +
      (typeof conversation === "object" && conversation !== null
        ? ` without ${[...names, ...schemas].join(", ")}`
        : ""),
  );
}

/** Longest name of a request queue, in bytes. A server's other queues have this name and up to 47 bytes more. */
const longestQueue = 208;

/** @throws `TypeError` or a `RangeError` if a server cannot use the conversation */
export function checkServed(conversation: Conversation): void {
  checkConversation(conversation);
  const { exchange, queue, bindingKey, deadLetter, strictReply, version, mayReplyTo } = conversation;
  checkText("exchange", exchange);
  checkText("queue", queue, { max: longestQueue });
  checkText("bindingKey", bindingKey, { min: 0 });
  checkText("deadLetter", deadLetter);
  if (deadLetter === queue) throw new TypeError("deadLetter must be another queue than the requests'");
  if (strictReply !== undefined && !isSchema(strictReply))
    throw new TypeError("strictReply must be a schema");
  if (version !== undefined) checkNumber("version", version, { min: 1, max: 2 ** 31 - 1, whole: true });
  if (mayReplyTo !== undefined) checkFunction("mayReplyTo", mayReplyTo);
}

/** Why a reply must not be published there. Nothing if it may. */
export function replyNotAllowed(conversation: Conversation, address: ReplyAddress): string | undefined {
  const { exchange, routingKey } = address;
  try {
    const { mayReplyTo } = conversation;
    const allowed = mayReplyTo ? mayReplyTo(address) : otherThanRequests(conversation, address);
    return allowed ? undefined : `replies may not go to "${routingKey}" on the exchange "${exchange}"`;
  } catch (error) {
    return `mayReplyTo threw: ${describe(error)}`;
  }
}

function otherThanRequests(
  { exchange: requests, queue, deadLetter }: Conversation,
  { exchange, routingKey }: ReplyAddress,
): boolean {
  if (exchange !== "") return exchange !== requests && !exchange.startsWith(deadLetter);
  return routingKey !== queue && !routingKey.startsWith(`${queue}.`) && routingKey !== deadLetter;
}

/** A value as its sender writes it. */
export type Written<Schema extends StandardSchemaV1> = StandardSchemaV1.InferInput<Schema>;
/** A value as its reader gets it: validated, with defaults filled in. */
export type Read<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>;

/** @throws {@link ValidationError} if the value does not match the schema */
export function validate<Schema extends StandardSchemaV1>(
  what: What,
  schema: Schema,
  value: unknown,
): Read<Schema> {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    result.catch(() => {}); // an unhandled rejection would end the process
    throw new TypeError(`the schema of the ${what} must be synchronous`);
  }
  if (result.issues === undefined) return result.value;
  throw new ValidationError(what, issuesOf(result.issues));
}

function issuesOf(found: readonly StandardSchemaV1.Issue[]): Issue[] {
  const issues = found.map(({ path = [], message }) => ({
    path: path.map((part) => String(typeof part === "object" ? part.key : part)).join("."),
    message,
  }));
  // One field may break several rules that have the same message.
  return issues.filter(
    (one, index) =>
      issues.findIndex((other) => other.path === one.path && other.message === one.message) === index,
  );
}
