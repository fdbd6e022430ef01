import amqplib, { type Channel, type ConsumeMessage } from "amqplib";
import type { Conversation } from "@weather/queue-binding";

// Bare amqplib, written only for speed: direct reply-to, a prefetch of 256, JSON. It has no schema, no deadline, no `mandatory`,
// no draining and no reconnection. The difference to our library is the cost of these.

async function open(url: string): Promise<Channel> {
  const model = await amqplib.connect(url, { noDelay: true });
  return model.createChannel();
}

/** @returns a function that asks */
export async function rawClient(url: string) {
  const channel = await open(url);
  const pending = new Map<string, (reply: unknown) => void>();
  await channel.consume(
    "amq.rabbitmq.reply-to",
    (message) => {
      const { properties, content } = message as ConsumeMessage;
      const id = properties.correlationId as string;
      const resolve = pending.get(id);
      pending.delete(id);
      resolve?.(JSON.parse(content.toString()));
    },
    { noAck: true },
  );
  let count = 0;
  return ({ exchange, routingKey }: Conversation, request: unknown) =>
    new Promise<unknown>((resolve) => {
      const correlationId = String((count += 1));
      pending.set(correlationId, resolve);
      channel.publish(exchange, routingKey, Buffer.from(JSON.stringify(request)), {
        replyTo: "amq.rabbitmq.reply-to",
        correlationId,
      });
    });
}

/** Answers the requests of an existing queue. */
export async function rawServer(
  url: string,
  { queue }: Conversation,
  answer: (request: never) => unknown,
): Promise<void> {
  const channel = await open(url);
  await channel.prefetch(256);
  await channel.consume(queue, (message) => {
    const { properties, content } = message as ConsumeMessage;
    const reply = answer(JSON.parse(content.toString()) as never);
    const { correlationId, replyTo } = properties as { correlationId: string; replyTo: string };
    channel.publish("", replyTo, Buffer.from(JSON.stringify(reply)), { correlationId });
    channel.ack(message as ConsumeMessage);
  });
}
