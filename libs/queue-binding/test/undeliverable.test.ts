import { expect } from "vitest";
import type { ConsumeMessage } from "amqplib";
import { until } from "@weather/testing/vitest";
import { Connection } from "../src/connection/connection.ts";
import { Subscription, type Source } from "../src/server/subscription.ts";
import { requestDeliveryLimit } from "../src/wire/attempts.ts";
import { ForeignClient } from "./foreign-client.ts";
import { test } from "./sports.ts";

test("a server whose broker failed takes one message at a time, for as many messages as its prefetch", async ({
  vhost,
  afterwards,
}) => {
  const foreign = await ForeignClient.connect(vhost.url);
  afterwards(() => foreign.close());
  const connection = await Connection.open(vhost.url, { name: "server" });
  afterwards(() => connection.close());
  const held: [ConsumeMessage, Source][] = [];
  const queue = "news";
  await Subscription.open(connection, {
    queue,
    prefetch: 5,
    maxBody: 1_000,
    declare: () => connection.withChannel((channel) => channel.assertQueue(queue)),
    deliver: (message, source) => held.push([message, source]),
    lost: () => held.splice(0),
    returned: () => {},
  });
  for (let number = 0; number < 20; number += 1) foreign.channel.sendToQueue(queue, Buffer.from("{}"));
  await until("it holds what it may", () => held.length === 5);
  // RabbitMQ 3.10 ends a connection (541) that publishes to an address that it cannot read.
  const channel = await connection.channel();
  channel.on("error", () => {});
  channel.publish("", "amq.rabbitmq.reply-to.g1h2AA5yZXBseUA1=.AAAA", Buffer.from("{}"));
  await until("it is back", () => connection.brokerFaults === 1 && held.length > 0);
  for (let number = 0; number < 4; number += 1) {
    await until("the next one comes", () => held.length > 0);
    expect(held).toHaveLength(1);
    const [[message, { writer }]] = held.splice(0) as [[ConsumeMessage, Source]];
    writer.soon(() => {});
    writer.ack(message, false);
  }
  await until("it holds what it may again", () => held.length >= 5);
});

test.for([
  ["3.10.8", 1_000_000],
  ["4.2.9", 1_000_000],
  ["4.3.0", 20],
  ["4.10.1", 20],
  ["5.0.0", 20],
  [undefined, 1_000_000],
] as const)("RabbitMQ %s delivers a request at most %d times", ([version, limit]) => {
  expect(requestDeliveryLimit(version)).toBe(limit);
});
