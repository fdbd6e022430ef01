import { context as tracing, ROOT_CONTEXT, type Context } from "@opentelemetry/api";
import type { Conversation } from "../conversation.ts";
import { contentType } from "./body.ts";
import { callerTime, givesUpAt } from "./caller-time.ts";
import type { ChannelWriter, Headers } from "./channel-writer.ts";
import { withTrace } from "./trace-context.ts";
import { versionHeader } from "./version.ts";

/** Direct reply-to: the broker delivers a reply to the consumer of this on the channel that published the request. */
export const replyQueue = "amq.rabbitmq.reply-to";

/** A request, or a batch of them, as it is published. */
interface OutgoingRequest {
  readonly id: string;
  readonly conversation: Pick<Conversation, "exchange" | "routingKey" | "version">;
  readonly body: string;
  /** How long its caller waits, in milliseconds. */
  readonly expiration: number;
  readonly context: Context;
  /** Headers in addition to those of every request. */
  readonly headers?: Headers | undefined;
}

/** @throws {RangeError} if a name is longer than AMQP can carry @throws if the channel is closed */
export function publishRequest(writer: ChannelWriter, request: OutgoingRequest): void {
  const { id, conversation, body, expiration, context, headers } = request;
  const { exchange, routingKey } = conversation;
  const own: Record<string, string | number> = { [givesUpAt]: callerTime(expiration) };
  if (conversation.version !== undefined) own[versionHeader] = conversation.version;
  if (headers) Object.assign(own, headers);
  const envelope = {
    exchange,
    routingKey,
    mandatory: true,
    replyTo: replyQueue,
    correlationId: id,
    contentType,
    expiration: String(Math.max(0, Math.ceil(expiration))),
    headers: own,
  };
  // A request may be sent long after the call, and again after a reconnection. Its trace is that of the call.
  if (context === ROOT_CONTEXT) return writer.publish(envelope, body);
  tracing.with(context, () => writer.publish({ ...envelope, headers: withTrace(own, context) }, body));
}
