/** Where a reply goes. */
export interface ReplyAddress {
  /** Empty for the default exchange, where the routing key is the name of a queue. */
  readonly exchange: string;
  /** Name of the queue, or routing key on the exchange. */
  readonly routingKey: string;
}

// exchangeType://exchangeName/routingKey, as RabbitMQ's Java and .NET clients print a PublicationAddress.
const publicationAddress = /^[^:]+:\/\/([^/]*)\/(.*)$/s;

/** AMQP 0-9-1 names are short strings: at most 255 bytes. */
const fits = (name: string) => Buffer.byteLength(name) <= 255;

/**
 * Reads a reply-to: a plain name is a routing key on the default exchange (a queue, or `amq.rabbitmq.reply-to…`);
 * `direct://amq.direct/some.key` names exchange and routing key. The exchange type in front is not needed to publish.
 *
 * @returns nothing if the text is not an address to which a message can be published
 */
export function parseReplyAddress(replyTo: unknown): ReplyAddress | undefined {
  if (typeof replyTo !== "string" || replyTo === "") return undefined;
  const [, exchange = "", routingKey = replyTo] =
    (replyTo.includes("://") && publicationAddress.exec(replyTo)) || [];
  if (exchange === "" && routingKey === "") return undefined;
  return fits(exchange) && fits(routingKey) ? { exchange, routingKey } : undefined;
}
