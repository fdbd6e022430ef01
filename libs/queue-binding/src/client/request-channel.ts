import type { ConsumeMessage, Message as Returned } from "amqplib";
import type { Connection } from "../connection/connection.ts";
import { RecoveringChannel, type AmqpException } from "../connection/recovering-channel.ts";
import { partsOf } from "../wire/batch.ts";
import { decode } from "../wire/body.ts";
import type { ChannelWriter } from "../wire/channel-writer.ts";
import { missingOf, type Properties } from "../wire/properties.ts";
import { replyQueue } from "../wire/request.ts";

/** A reply as it came, alone or in a batch. */
export interface IncomingReply {
  readonly id: string;
  readonly properties: Properties;
  /** The body of the message that it came in. */
  readonly content: Buffer;
  /** @throws {ValidationError} if it is no JSON */
  readonly read: () => unknown;
}

export interface RequestChannelEvents {
  /** The channel is there, again or for the first time. */
  readonly ready: (writer: ChannelWriter) => void;
  /** The channel is gone, and with it all replies to what was sent on it; with the broker's reason if it had one. */
  readonly lost: (reason: AmqpException | undefined) => void;
  readonly replied: (reply: IncomingReply) => void;
  /** A message that no queue takes. */
  readonly returned: (id: string, to: { readonly exchange: string; readonly routingKey: string }) => void;
}

/** Opens the channel on which requests go out and replies come in: direct reply-to needs one and the same. */
export function openRequestChannel(
  connection: Connection,
  { ready, lost, replied, returned }: RequestChannelEvents,
): Promise<RecoveringChannel> {
  const onReply = (message: ConsumeMessage) => {
    const { properties, content } = message as { properties: Properties; content: Buffer };
    const { correlationId: id = "" } = properties;
    const missing = missingOf(properties);
    if (missing !== undefined) {
      // No server of this library sends such a reply; the one that is waited for may still come.
      return connection.log.warn({ id, missing }, "ignored a reply that cannot be read");
    }
    const parts = partsOf("reply", message);
    if (!parts) return replied({ id, properties, content, read: () => decode("reply", content) });
    for (const [id, value] of parts) replied({ id, properties, content, read: () => value });
  };
  return RecoveringChannel.open(connection, {
    purpose: "requests and their replies",
    setUp: async (channel) => {
      channel.on("return", ({ properties, fields }: Returned) =>
        returned((properties as Properties).correlationId ?? "", fields),
      );
      // Direct reply-to knows no acknowledgements.
      await channel.consume(replyQueue, (message) => message && onReply(message), { noAck: true });
    },
    ready,
    lost,
  });
}
