import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ValidationError, type Issue, type What } from "./errors.ts";
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

/** @throws {TypeError} if the value is not a conversation: a name or a schema is missing */
export function checkConversation(conversation: unknown): void {
  const { exchange, routingKey, request, reply } = (conversation ?? {}) as Partial<Conversation>;
  const named = typeof exchange === "string" && typeof routingKey === "string";
  if (named && request !== undefined && reply !== undefined) return;
  throw new TypeError(
    "expected a conversation (an object with exchange, routingKey, queue, request and reply), " +
      `got ${conversation === null ? "null" : typeof conversation}`,
  );
}

/** Whether a reply may be published there. */
export function mayReplyTo(
  { exchange, queue, deadLetter, mayReplyTo }: Conversation,
  address: ReplyAddress,
): boolean {
  if (mayReplyTo) return mayReplyTo(address);
  if (address.exchange === "") {
    const { routingKey } = address;
    return routingKey !== queue && !routingKey.startsWith(`${queue}.`) && routingKey !== deadLetter;
  }
  return address.exchange !== exchange && !address.exchange.startsWith(deadLetter);
}

/** A value as its sender writes it. */
export type Written<Schema extends StandardSchemaV1> = StandardSchemaV1.InferInput<Schema>;
/** A value as its reader gets it: validated, with defaults filled in. */
export type Read<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>;

/** @throws {ValidationError} if the value does not match the schema */
export function validate<Schema extends StandardSchemaV1>(
  what: What,
  schema: Schema,
  value: unknown,
): Read<Schema> {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) throw new TypeError(`the schema of the ${what} must be synchronous`);
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
