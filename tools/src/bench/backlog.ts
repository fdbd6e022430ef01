import amqplib from "amqplib";
import { echoFrom } from "./echo.ts";

/** Keeps a number of requests to the echo "one" waiting: sends one more for each that is answered. */
export async function openBacklog(url: string) {
  const model = await amqplib.connect(url, { noDelay: true });
  const channel = await model.createConfirmChannel();
  const { queue: replyTo } = await channel.assertQueue("", { exclusive: true });
  const { exchange, routingKey } = echoFrom("one");
  let [sent, answered] = [0, 0];
  const send = () => {
    sent += 1;
    const request = Buffer.from(JSON.stringify({ number: sent, work: 0, text: "x".repeat(80) }));
    channel.publish(exchange, routingKey, request, { replyTo, correlationId: String(sent) });
  };
  const next = () => {
    answered += 1;
    send();
  };
  await channel.consume(replyTo, next, { noAck: true });
  return {
    sent: () => sent,
    answered: () => answered,
    async fill(length: number) {
      while (sent < length) {
        send();
        // Without a bound the broker would keep everything in memory.
        if (sent % 5_000 === 0) await channel.waitForConfirms();
      }
      await channel.waitForConfirms();
    },
    close: () => model.close(),
  };
}
