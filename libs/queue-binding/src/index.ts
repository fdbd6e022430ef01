export { connect, type Broker, type BrokerOptions } from "./broker.ts";
export type { ConnectionOptions } from "./connection.ts";
export { fit, type Conversation, type Read, type Written } from "./conversation.ts";
export type { DeadLetter, DeadLetters } from "./dead-letters.ts";
export {
  AccessRefused,
  Closed,
  Empty,
  Misfit,
  Unanswered,
  Unreachable,
  Unserved,
  type Complaint,
  type QueueCounts,
} from "./errors.ts";
export { LocalQueue } from "./local-queue.ts";
export type { Log } from "./log.ts";
export { mostParts } from "./pack.ts";
export { parseReplyAddress, type ReplyAddress } from "./reply-address.ts";
export type { Answered, AskEachOptions, Question } from "./ask-each.ts";
export type { AskOptions, Gathered, GatherOptions, RequestClientOptions } from "./request-client.ts";
export type {
  AnswerOptions,
  Context,
  Handler,
  Memory,
  Refusal,
  RequestServer,
  Settled,
} from "./request-server.ts";
