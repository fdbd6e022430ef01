import type { Socket } from "node:net";
import type { ChannelModel } from "amqplib";

/** Members of amqplib's connection that its types leave out. They exist since its first version. */
interface Wire {
  stream: Socket;
  serverProperties?: Record<string, unknown>;
  /** Whether the broker takes no messages at present. */
  blocked: boolean;
}
export const wireOf = (model: ChannelModel) => model.connection as unknown as Wire;

/**
 * The error of a connection that is closed already when amqplib hands it over: a node that is stopping may open and close
 * it in one packet. amqplib would miss its end and never connect again, so this counts as a failed attempt.
 */
export function closedAtOnce(model: ChannelModel): Error | undefined {
  if (wireOf(model).stream.writable) return undefined;
  return new Error("the broker closed the connection as soon as it was open");
}

/** Closes the socket of a lost connection. amqplib leaves it open until the other side closes it. */
export function discard({ stream }: Wire): void {
  stream.destroySoon();
  // Bytes that are not sent within a second are dropped.
  setTimeout(() => stream.destroy(), 1_000).unref();
}
