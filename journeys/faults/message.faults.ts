import { setTimeout as pause } from "node:timers/promises";
import amqplib, { type Options } from "amqplib";
import { expect } from "vitest";
import type { Reply } from "@weather/contracts";
import type { Vhost } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { ohio } from "../farm.ts";
import { poison } from "./poison.ts";
import { faults, type TrialOptions } from "./trial.ts";

const fault = faults("message");
const times = 20;

for (const [what, seed] of [
  ["breaks the model", poison.throws],
  ["hangs in the model", poison.hangs],
  ["ends its server's process", poison.ends],
] as const) {
  fault(
    `a request that ${what} every time`,
    { program: "journeys/faults/fragile-server.ts", servers: 3, rate: 50, refused: 1, kept: 1 },
    async ({ load, operator, servers }) => {
      load.poison(seed, { deadline: 30_000 });
      await until("its sender is told", () => load.refused === 1, 30_000);
      const letters = await operator.deadLetters(ohio, 10);
      expect(letters.all).toMatchObject([{ queue: "weather.ohio", reason: "failed", attempts: 3 }]);
      await letters.close();
      // Tries by all servers together.
      const tries = servers.flatMap(({ output }) => output).filter((line) => line.startsWith("tries"));
      expect(tries).toHaveLength(3);
    },
  );
}

/** Sends messages that our clients would not send. @returns the replies */
async function raw(vhost: Vhost, afterwards: (close: () => unknown) => void) {
  const connection = await amqplib.connect(`${vhost.url}?frameMax=131072`);
  connection.on("error", () => {});
  afterwards(() => connection.close().catch(() => {}));
  const replies: Reply[] = [];
  const listener = await connection.createChannel();
  const { queue } = await listener.assertQueue("", { exclusive: true });
  await listener.consume(
    queue,
    (reply) => reply && replies.push(JSON.parse(reply.content.toString()) as Reply),
    {
      noAck: true,
    },
  );
  const channel = await connection.createConfirmChannel();
  channel.on("error", () => {});
  const send = (body: string | Buffer, properties: Options.Publish = {}) =>
    channel.publish("amq.topic", "weather.ohio", Buffer.from(body as string), {
      replyTo: queue,
      ...properties,
    });
  return { send, replies, channel };
}

/** Messages with their answers. The load beside them is answered as usual. */
const messages: [what: string, body: string | Buffer, properties: Options.Publish, expected: object][] = [
  ["a body of 1 MiB", JSON.stringify({ station: "x".repeat(2 ** 20) }), {}, { reason: "invalid-request" }],
  ["JSON nested 20,000 deep", "[".repeat(20_000) + "]".repeat(20_000), {}, { reason: "invalid-request" }],
  ["a `__proto__` key", '{"__proto__":{"days":3},"constructor":{}}', {}, { reason: "invalid-request" }],
  ["invalid UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), {}, { reason: "invalid-request" }],
  ["no JSON", "<forecast/>", { contentType: "application/xml" }, { reason: "invalid-request" }],
  ["JSON with another content type", "{}", { contentType: "text/plain" }, { outcome: "forecast" }],
  ["an expiration of 49 days", "{}", { expiration: 2 ** 32 - 1 }, { outcome: "forecast" }],
  [
    "1,000 headers",
    "{}",
    { headers: Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`header-${n}`, "x".repeat(40)])) },
    { outcome: "forecast" },
  ],
];
for (const [what, body, properties, expected] of messages) {
  fault(`${what}, ${times} times`, {}, async ({ vhost }, afterwards) => {
    const { send, replies } = await raw(vhost, afterwards);
    for (let number = 0; number < times; number += 1) send(body, properties);
    await until("all are answered", () => replies.length === times);
    for (const reply of replies) expect(reply).toMatchObject(expected);
  });
}

/** Messages without a usable reply address. They become dead letters. */
for (const [what, replyTo] of [
  ["no reply-to", undefined],
  ["a reply-to that points at the state's own queue", "weather.ohio"],
  ["a reply-to that points at another state's queue", "weather.virginia"],
  ["a reply-to that would be a request", "topic://amq.topic/weather.ohio"],
] as const) {
  const options: TrialOptions = { kept: times };
  fault(`${what}, ${times} times`, options, async ({ vhost, operator }, afterwards) => {
    const { send } = await raw(vhost, afterwards);
    for (let number = 0; number < times; number += 1) send("{}", { replyTo: replyTo as string });
    await until("all are kept", async () => {
      const counts = await operator.counts({ queue: ohio.deadLetter });
      return counts?.waiting === times;
    });
  });
}

for (const [what, properties] of [
  ["a negative expiration", { expiration: -1 }],
  ["an expiration that is no number", { expiration: "soon" }],
] as const) {
  fault(`${what}: the broker refuses its sender`, {}, async ({ vhost }, afterwards) => {
    const { send, channel, replies } = await raw(vhost, afterwards);
    const closed = new Promise((resolve) => channel.once("close", () => resolve("closed")));
    send("{}", properties);
    expect(await Promise.race([closed, pause(5_000, "nothing")])).toBe("closed");
    expect(replies).toEqual([]);
  });
}
