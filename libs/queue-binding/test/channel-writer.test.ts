import { setImmediate as turn } from "node:timers/promises";
import amqplib, { type ConsumeMessage } from "amqplib";
import { describe, expect, it } from "vitest";
import { FaultProxy } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { ChannelWriter, type Envelope } from "../src/wire/channel-writer.ts";
import { test as base } from "./sports.ts";

const test = base.extend<{ writer: ChannelWriter; arrived: ConsumeMessage[] }>({
  arrived: async ({ vhost, afterwards }, use) => {
    const model = await amqplib.connect(vhost.url);
    afterwards(() => model.close());
    const channel = await model.createChannel();
    const arrived: ConsumeMessage[] = [];
    await channel.assertQueue("news", { exclusive: true });
    await channel.bindQueue("news", "amq.topic", "#");
    await channel.consume("news", (message) => message && arrived.push(message), { noAck: true });
    await use(arrived);
  },
  writer: async ({ vhost, afterwards }, use) => {
    const model = await amqplib.connect(vhost.url);
    afterwards(() => model.close());
    await use(new ChannelWriter(await model.createChannel()));
  },
});

const news: Envelope = { exchange: "amq.topic", routingKey: "news.ohio" };

describe("an writer", () => {
  test.for([
    ["nothing but a body", news, "{}"],
    ["no body", news, ""],
    ["a body larger than a frame", news, "x".repeat(300_000)],
    ["a body as large as a frame", news, "x".repeat(131_072 - 8)],
    ["a body in many alphabets", { ...news, routingKey: "neues.äöü.天気" }, '"🌦 ° ß"'.repeat(20_000)],
    [
      "everything",
      {
        ...news,
        mandatory: true,
        contentType: "application/json",
        headers: { "contract-version": 1, least: -(2 ** 31), traceparent: "00-1", word: "°".repeat(1_000) },
        correlationId: "é".repeat(127),
        replyTo: "amq.rabbitmq.reply-to",
        expiration: "60000",
      },
      "[1]",
    ],
  ] as [string, Envelope, string][])("sends %s as it is", async ([, envelope, body], { writer, arrived }) => {
    // Direct reply-to wants a consumer; where it goes is not what this is about.
    const { replyTo, ...others } = envelope;
    const sent = replyTo === undefined ? envelope : { ...others, replyTo: "replies" };
    writer.publish(sent, body);
    await until("it is there", () => arrived.length === 1);
    const [{ fields, properties, content } = {} as ConsumeMessage] = arrived;
    const { exchange, routingKey, mandatory, ...expected } = sent;
    expect(fields).toMatchObject({ exchange, routingKey });
    expect(properties).toMatchObject(expected);
    expect(content.toString() === body).toBe(true);
  });

  test("keeps the order of thousands of messages of all sizes", async ({ writer, arrived }) => {
    const bodies = Array.from(
      { length: 3_000 },
      (_, index) => `${index} ${"x".repeat((index * 7_919) % 5_000)}`,
    );
    for (const body of bodies) writer.publish(news, body);
    await until("all are there", () => arrived.length === bodies.length);
    expect(arrived.map(({ content }) => content.toString())).toEqual(bodies);
  });

  test("writes nothing over what a slow line has not taken yet", async ({ vhost, afterwards, arrived }) => {
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    const model = await amqplib.connect(line.through(vhost.url));
    afterwards(() => model.close());
    const writer = new ChannelWriter(await model.createChannel());
    line.up.blackhole = true;
    const bodies = Array.from(
      { length: 8_000 },
      (_, index) => `${index} ${"x".repeat((index * 7_919) % 5_000)}`,
    );
    for (const [index, body] of bodies.entries()) {
      writer.publish(news, body);
      if (index % 50 === 0) await turn();
      if (index !== 6_000) continue;
      line.up.heal();
      await until("the first is there", () => arrived.length > 0);
    }
    await until("all are there", () => arrived.length === bodies.length);
    expect(arrived.map(({ content }) => content.toString())).toEqual(bodies);
  });

  test("takes no name that AMQP cannot carry, and sends nothing of it", async ({ writer, arrived }) => {
    expect(() => writer.publish({ ...news, correlationId: "x".repeat(256) }, "1")).toThrow(
      "at most 255 bytes",
    );
    writer.publish(news, "2");
    await until("the next is there", () => arrived.length > 0);
    expect(arrived.map(({ content }) => content.toString())).toEqual(["2"]);
  });

  test("sends at once what is in it when it closes, and takes no more", async ({ writer, arrived }) => {
    writer.publish(news, "1");
    writer.close();
    expect(() => writer.publish(news, "2")).toThrow("closed");
    await until("it is there", () => arrived.length === 1);
  });

  it("leaves an instrumented channel to amqplib, so that the instrumentation sees every message", () => {
    const seen: unknown[] = [];
    const publish = Object.assign((...message: unknown[]) => seen.push(message), { __original: () => {} });
    new ChannelWriter({ publish, once: () => {}, connection: {} } as never).publish(news, "1");
    expect(seen).toEqual([["amq.topic", "news.ohio", Buffer.from("1"), { headers: undefined }]]);
  });
});
