import type { ConsumeMessage, Message as Returned } from "amqplib";
import type { Connection } from "../connection/connection.ts";
import { RecoveringChannel, type AmqpException } from "../connection/recovering-channel.ts";
import { partsOf, valuesIn } from "../wire/batch.ts";
import { decode } from "../wire/body.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";
import { missingOf, type Properties } from "../wire/properties.ts";
import { replyQueue } from "../wire/request.ts";

/** A reply that came alone or in a batch. */
export interface IncomingReply {
  readonly id: string;
  readonly properties: Properties;
  /** Body of the whole message. */
  readonly content: Buffer;
  /** @throws {ValidationError} if the body is not JSON */
  readonly read: () => unknown;
  /** The reply as it was written: JSON in UTF-8. It shares the memory of the whole message. */
  readonly body: () => Buffer;
}

interface RequestChannelEvents {
  /** The channel is open. Called after each recovery, too. */
  readonly ready: (writer: ChannelWriter) => void;
  /** The channel is lost, and all replies to requests on it are lost, too. The broker may have given a reason. */
  readonly lost: (reason: AmqpException | undefined) => void;
  readonly replied: (reply: IncomingReply) => void;
  /** The broker has returned a message, because no queue takes it. */
  readonly returned: (id: string, to: { readonly exchange: string; readonly routingKey: string }) => void;
}

/** Opens the channel of requests and replies. Direct reply-to needs one channel for both. */
export function openRequestChannel(
  connection: Connection,
  { ready, lost, replied, returned }: RequestChannelEvents,
): Promise<RecoveringChannel> {
  const onReply = (message: ConsumeMessage) => {
    const { properties, content } = message as { properties: Properties; content: Buffer };
    const { correlationId: id = "" } = properties;
    const missing = missingOf(properties);
    if (missing !== undefined) {
      // No server of this library sends such a reply. The right one may still come.
      return connection.log.warn({ id, missing }, "ignored a reply that cannot be read");
    }
    const parts = partsOf("reply", message);
    if (!parts)
      return replied({ id, properties, content, read: () => decode("reply", content), body: () => content });
    let bodies: readonly Buffer[] | undefined;
    for (const [index, [id, value]] of parts.entries()) {
      const body = () => (bodies ??= valuesIn(content))[index] ?? content;
      replied({ id, properties, content, read: () => value, body });
    }
  };
  return RecoveringChannel.open(connection, {
    purpose: "requests and their replies",
    setUp: async (channel) => {
      channel.on("return", ({ properties, fields }: Returned) =>
        returned((properties as Properties).correlationId ?? "", fields),
      );
      // Direct reply-to has no acknowledgements.
      await channel.consume(replyQueue, (message) => message && onReply(message), { noAck: true });
    },
    ready,
    lost,
  });
}
