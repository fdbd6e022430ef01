import type { AmqpException } from "../connection/recovering-channel.ts";
import type { Conversation } from "../conversation.ts";
import { AccessRefusedError, NoServersError } from "../errors.ts";

/**
 * The error of a request after the broker has closed the channel because of some request. The broker does not say which request,
 * but it names the exchange.
 *
 * @returns nothing if the broker names another exchange
 */
export function refusalOf(
  { exchange, routingKey }: Pick<Conversation, "exchange" | "routingKey">,
  reason: AmqpException,
): Error | undefined {
  if (!reason.message.includes(`'${exchange}'`)) return undefined;
  if (reason.code === 404) {
    return new NoServersError(`nobody serves ${routingKey}: there is no exchange ${exchange}`);
  }
  const message = `the broker refuses a request to ${routingKey} on ${exchange}: ${reason.message}`;
  return new AccessRefusedError(message, { cause: reason });
}
