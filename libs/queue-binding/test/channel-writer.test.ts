import { setImmediate as turn } from "node:timers/promises";
import amqplib, { type ConsumeMessage } from "amqplib";
import { describe, expect, it, vi } from "vitest";
import { FaultProxy } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { silent } from "../src/log.ts";
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

describe("a channel writer", () => {
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
    // Direct reply-to would need a consumer. The address does not matter here.
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

  test("does not overwrite bytes that a slow line has not sent yet", async ({
    vhost,
    afterwards,
    arrived,
  }) => {
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

  test("refuses a name that AMQP cannot carry, and sends nothing of the message", async ({
    writer,
    arrived,
  }) => {
    expect(() => writer.publish({ ...news, correlationId: "x".repeat(256) }, "1")).toThrow(
      "at most 255 bytes",
    );
    writer.publish(news, "2");
    await until("the next is there", () => arrived.length > 0);
    expect(arrived.map(({ content }) => content.toString())).toEqual(["2"]);
  });

  test("sends its frames at once when it closes, and refuses further ones", async ({ writer, arrived }) => {
    writer.publish(news, "1");
    writer.close();
    expect(() => writer.publish(news, "2")).toThrow("closed");
    await until("it is there", () => arrived.length === 1);
  });

  test("writes past the installed amqplib, which is 1.4 times as fast", async ({
    vhost,
    afterwards,
    arrived,
  }) => {
    const model = await amqplib.connect(vhost.url);
    afterwards(() => model.close());
    const channel = await model.createChannel();
    const logged: string[] = [];
    const writer = new ChannelWriter(channel, { ...silent, info: (_, message) => logged.push(message) });
    const byAmqplib = vi.spyOn(channel, "publish");
    writer.publish(news, "1");
    await until("it is there", () => arrived.length === 1);
    expect(byAmqplib).not.toHaveBeenCalled();
    expect(logged).toEqual([]);
  });

  it("leaves an instrumented channel to amqplib, so that the instrumentation sees every message, and says so once", () => {
    const seen: unknown[] = [];
    const logged: unknown[] = [];
    const log = { ...silent, info: (details: object) => logged.push(details) };
    const publish = Object.assign((...message: unknown[]) => seen.push(message), { __original: () => {} });
    for (const body of ["1", "2"]) {
      new ChannelWriter({ publish, once: () => {}, connection: {} } as never, log).publish(news, body);
    }
    expect(seen).toEqual(
      ["1", "2"].map((body) => ["amq.topic", "news.ohio", Buffer.from(body), { headers: undefined }]),
    );
    expect(logged).toEqual([{ reason: "amqplib is instrumented" }]);
  });

  it("leaves the messages to an unknown version of amqplib, and says so", () => {
    const logged: unknown[] = [];
    const log = { ...silent, info: (details: object) => logged.push(details) };
    const seen: unknown[] = [];
    const publish = (...message: unknown[]) => seen.push(message);
    new ChannelWriter({ publish, once: () => {}, connection: {} } as never, log).publish(news, "1");
    expect(seen).toHaveLength(1);
    expect(logged).toEqual([{ reason: "this version of amqplib has its socket in another place" }]);
  });
});
