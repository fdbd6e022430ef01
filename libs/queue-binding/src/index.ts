export { askEachAt, connect, type Broker, type BrokerOptions } from "./broker.ts";
export { withoutPasswords } from "./connection/broker-url.ts";
export type { ConnectionOptions } from "./connection/options.ts";
export { validate, type Conversation, type Read, type Written } from "./conversation.ts";
export type { DeadLetters } from "./client/dead-letters.ts";
export type { DeadLetter } from "./wire/dead-letter.ts";
export {
  AccessRefusedError,
  ClosedError,
  Empty,
  ValidationError,
  AnswerTimeoutError,
  BrokerUnreachableError,
  NoServersError,
  NotReplayableError,
  TooManyRequestsError,
  type Issue,
  type QueueCounts,
} from "./errors.ts";
export { LocalQueue } from "./server/local-queue.ts";
export type { Log } from "./log.ts";
export { mostParts } from "./wire/batch.ts";
export type { TraceHeaders } from "./wire/trace-context.ts";
export { parseReplyAddress, type ReplyAddress } from "./wire/reply-address.ts";
export type { Answered, AskEachOptions, Question } from "./client/ask-each.ts";
export type { AskOptions, Gathered, GatherOptions, RequestClientOptions } from "./client/options.ts";
export type { Survey, SurveyOptions } from "./client/survey.ts";
export type { AnswerOptions, Context, Handler, Refusal, Settled } from "./server/answer-options.ts";
export type { RespondOptions } from "./server/responder.ts";
export type { RequestServer } from "./server/request-server.ts";
export type { Stream } from "./stream/stream.ts";
export type { FollowOptions, StreamReader, StreamSource } from "./stream/stream-reader.ts";
