import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import * as z from "zod";
import { until } from "@weather/testing/vitest";
import type { Context } from "../src/index.ts";
import { reds, test } from "./daemon.ts";
import { refuse, sports } from "./sports.ts";

describe("a reply goes to the exchange and routing key of the reply-to", () => {
  test("a plain name is a queue", async ({ daemon, foreign }) => {
    await daemon();
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "1" });
    expect(await foreign.reply("1")).toEqual({ by: "daemon", says: "go Reds" });
  });

  test("a publication address names exchange and routing key", async ({ daemon, foreign }) => {
    await daemon();
    await foreign.channel.bindQueue(foreign.queue, "amq.direct", "some.key");
    foreign.publish("sports.ohio", reds, { replyTo: "direct://amq.direct/some.key", correlationId: "1" });
    expect(await foreign.reply("1")).toEqual({ by: "daemon", says: "go Reds" });
  });

  test("the message id replaces a missing correlation id", async ({ daemon, foreign }) => {
    await daemon();
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, messageId: "m" });
    expect(await foreign.reply("m")).toEqual({ by: "daemon", says: "go Reds" });
  });
});

describe("a bad request is refused with a reason, and the next one is answered", () => {
  const cases: [string, string | Buffer, string][] = [
    ["not JSON", "{team", "the body is not JSON"],
    ["empty", "", "the body is empty"],
    ["not UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]), "the body is not UTF-8"],
    ["not an object", '"Reds"', "expected object"],
    ["a wrong field", '{"team":3}', "team: "],
    ["an unknown field", '{"team":"Reds","colour":"red"}', "colour"],
    ["too large", JSON.stringify({ team: "x".repeat(70_000) }), "bytes, and at most 65536 are read"],
    ["deeply nested", "[".repeat(30_000) + "]".repeat(30_000), "expected object"],
    ["a __proto__ key", '{"team":"Reds","__proto__":{"delay":1}}', "__proto__"],
  ];
  for (const [name, body, issue] of cases) {
    test(name, async ({ daemon, foreign, settled }) => {
      await daemon();
      foreign.publish("sports.ohio", body, { replyTo: foreign.queue, correlationId: "bad" });
      foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "good" });
      expect(await foreign.reply("bad")).toEqual({
        by: "refusal",
        says: expect.stringContaining(issue) as string,
      });
      expect(await foreign.reply("good")).toMatchObject({ by: "daemon" });
      await until("both are settled", () => settled.length === 2);
      expect(settled.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
        [1, "answered"],
        [1, "answered"],
      ]);
    });
  }
});

describe("a request without a usable reply address becomes a dead letter, and the next one is answered", () => {
  const cases: [string, string | undefined, string][] = [
    ["without reply-to", undefined, "no-reply-to"],
    ["with an empty reply-to", "", "no-reply-to"],
    ["with a reply-to that names no exchange", "direct://nowhere/some.key", "reply-refused"],
    ["with a reply-to that may not be published to", "fanout://amq.rabbitmq.trace/some.key", "reply-refused"],
    [
      "with a reply-to that would make its reply a request",
      "topic://amq.topic/sports.ohio",
      "reply-not-allowed",
    ],
    ["with the requests' own queue as reply-to", "sports", "reply-not-allowed"],
    ["with the dead letters as reply-to", "direct:///sports.dead-letter", "reply-not-allowed"],
  ];
  for (const [name, replyTo, reason] of cases) {
    test(name, async ({ daemon, foreign, settled }) => {
      await daemon();
      foreign.publish("sports.ohio", reds, {
        ...(replyTo !== undefined && { replyTo }),
        expiration: "60000",
      });
      foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "good" });
      expect(await foreign.reply("good")).toMatchObject({ by: "daemon" });
      await until("both are settled", () => settled.length === 2);
      const kept = await foreign.get("sports.dead-letter");
      expect(kept?.body).toBe(reds);
      expect(kept?.properties.expiration).toBeUndefined();
      expect(kept?.properties.headers).toMatchObject({
        "x-failure-reason": reason,
        "x-original-queue": "sports",
        "x-original-routing-key": "sports.ohio",
        "x-original-expiration": "60000",
      });
    });
  }

  test.for([
    ["with a correlation id that amqplib makes longer than AMQP allows", { correlationId: "#".repeat(255) }],
    [
      "with headers that leave the reply no room in a frame",
      { headers: { traceparent: "0".repeat(131_027) } },
    ],
  ] as const)("%s", async ([, properties], { open, daemon, foreign, settled }) => {
    const broker = await daemon();
    await foreign.channel.assertQueue("r", { exclusive: true });
    foreign.publishRaw(
      { exchange: "amq.topic", routingKey: "sports.ohio", replyTo: "r", ...properties },
      reds,
    );
    expect(await (await open()).ask(sports, { team: "Browns" })).toMatchObject({ by: "daemon" });
    await until("both are settled", () => settled.length === 2);
    expect(settled.map(({ outcome }) => outcome).toSorted()).toEqual(["answered", "dead-lettered"]);
    expect(broker.reconnections).toBe(0);
    let kept: unknown;
    await until("it is kept", async () => (kept = (await foreign.get("sports.dead-letter"))?.body) === reds);
    expect(kept).toBe(reds);
  });

  test("a reply-to whose queue has gone is no dead letter: its caller gave up", async ({
    daemon,
    foreign,
    settled,
  }) => {
    await daemon();
    foreign.publish("sports.ohio", reds, { replyTo: "no-such-queue" });
    foreign.publish("sports.ohio", reds, { replyTo: "direct://amq.direct/no.such.key" });
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "good" });
    expect(await foreign.reply("good")).toMatchObject({ by: "daemon" });
    await until("all are settled", () => settled.length === 3);
    expect(await foreign.get("sports.dead-letter")).toBeUndefined();
  });
});

describe("a request that fails", () => {
  test("is tried three times, then dead-lettered with the reason, and its sender is told", async ({
    daemon,
    foreign,
    settled,
  }) => {
    await daemon();
    await daemon();
    foreign.publish("sports.ohio", '{"team":"crash"}', { replyTo: foreign.queue, correlationId: "bad" });
    expect(await foreign.reply("bad")).toEqual({
      by: "refusal",
      says: "given up after 3 tries: the cheerleader fell",
    });
    expect(settled.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, "requeued"],
      [2, "requeued"],
      [3, "dead-lettered"],
    ]);
    const kept = await foreign.get("sports.dead-letter");
    expect(kept?.properties.correlationId).toBe("bad");
    expect(kept?.properties.headers).toMatchObject({ "x-failure-reason": "failed", "x-attempts": 3 });
    expect(await foreign.get("sports")).toBeUndefined();
  });

  test("is not delivered to queues of its sender's choice in the server's name", async ({
    daemon,
    foreign,
  }) => {
    await daemon();
    await foreign.channel.assertQueue("victim");
    foreign.publish("sports.ohio", '{"team":"crash"}', {
      replyTo: foreign.queue,
      correlationId: "bad",
      headers: { "x-harmless": 1, CC: ["victim"] },
    });
    await foreign.reply("bad");
    const kept = await foreign.get("sports.dead-letter");
    expect(kept?.properties.headers).toMatchObject({ "x-harmless": 1 });
    expect(await foreign.get("victim")).toBeUndefined();
  });
});

describe("a request that hangs", () => {
  test("gets its time three times, is dead-lettered, and its sender is told; others are answered", async ({
    daemon,
    foreign,
    settled,
  }) => {
    await daemon({ concurrency: 1, requestTimeout: 100 });
    foreign.publish("sports.ohio", '{"team":"Reds","delay":5000}', {
      replyTo: foreign.queue,
      correlationId: "slow",
    });
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "quick" });
    expect(await foreign.reply("quick")).toMatchObject({ by: "daemon" });
    expect(await foreign.reply("slow")).toEqual({
      by: "refusal",
      says: "given up after 3 tries: it was not done within 0.1 s",
    });
    expect(settled.filter(({ id }) => id === "slow").map(({ outcome }) => outcome)).toEqual([
      "requeued",
      "requeued",
      "dead-lettered",
    ]);
  });

  test("gets its time although its promise is not Node's", async ({ open }) => {
    const broker = await open();
    const never = () => ({ then: () => {} }) as unknown as Promise<never>;
    await broker.answer(sports, never, { refuse, requestTimeout: 50 });
    expect(await broker.ask(sports, { team: "Reds" }, { deadline: 2_000 })).toMatchObject({ by: "refusal" });
  });

  test("can be ended by its handler, whose signal aborts when its time is over", async ({
    open,
    foreign,
  }) => {
    const ended: unknown[] = [];
    const server = await open();
    const hang = (_: unknown, { signal }: Context) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener("abort", () => (ended.push(signal.reason), reject(signal.reason as Error))),
      );
    await server.answer(sports, hang, { refuse, requestTimeout: 50 });
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "1" });
    await foreign.reply("1");
    expect(ended.map(String)).toEqual(Array(3).fill("Error: it was not done within 0.05 s"));
  });
});

describe("an expired request", () => {
  test("is dropped by the broker while no server takes it", async ({ daemon, foreign, settled }) => {
    await daemon({ concurrency: 1, prefetch: 1 });
    foreign.publish("sports.ohio", '{"team":"Reds","delay":500}', {
      replyTo: foreign.queue,
      correlationId: "1",
    });
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "2", expiration: "100" });
    await foreign.reply("1");
    await pause(200);
    expect(settled.map(({ id }) => id)).toEqual(["1"]);
    expect(await foreign.get("sports.dead-letter")).toBeUndefined();
  });

  test("is dropped by the server while it waits in the local queue", async ({ daemon, foreign, settled }) => {
    await daemon({ concurrency: 1, prefetch: 10 });
    foreign.publish("sports.ohio", '{"team":"Reds","delay":500}', {
      replyTo: foreign.queue,
      correlationId: "1",
    });
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "2", expiration: "100" });
    await until("both are settled", () => settled.length === 2);
    expect(settled.map(({ id, outcome }) => `${id} ${outcome}`).toSorted()).toEqual([
      "1 answered",
      "2 expired",
    ]);
  });
});

test("a request that waits too long behind slow ones goes back to the queue, uncounted, and another server answers it", async ({
  open,
  foreign,
  settled,
}) => {
  const slow = async () => (await pause(3_000), { by: "slow", says: "" });
  await (await open()).answer(sports, slow, { refuse, concurrency: 1, holdTimeout: 200 });
  const parts = Array.from({ length: 5 }, (_, number) => [`part ${number}`, { team: "Reds" }]);
  const headers = { batch: 5 };
  for (let id = 0; id < 5; id += 1)
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: `single ${id}` });
  foreign.publish("sports.ohio", JSON.stringify(parts), {
    replyTo: foreign.queue,
    correlationId: "batch",
    headers,
  });
  await pause(100);
  const options = { refuse, onSettled: settled.push.bind(settled) };
  await (await open()).answer(sports, () => ({ by: "other", says: "" }), options);
  await until("all but the first are answered", () => settled.length === 9);
  expect(settled.every(({ outcome, attempt }) => outcome === "answered" && attempt === 1)).toBe(true);
});

describe("an event loop", () => {
  test("reports that nothing came within its timeout, and continues", async ({ daemon, foreign }) => {
    let empties = 0;
    await daemon({ concurrency: 1, idleTimeout: 50, onEmpty: () => (empties += 1) });
    await until("it was idle three times", () => empties >= 3);
    foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId: "1" });
    expect(await foreign.reply("1")).toMatchObject({ by: "daemon" });
  });
});

describe("event loops whose handler never waits", () => {
  test("send replies and receive signals while requests wait in the local queue", async ({
    open,
    vhost,
    foreign,
  }) => {
    const broker = await open();
    let handled = 0;
    let turns = 0;
    const cheer = ({ team }: { team: string }) => {
      if ((handled += 1) === 1) turns = 0;
      for (const end = performance.now() + 10; performance.now() < end;);
      return { by: "daemon", says: team };
    };
    await foreign.channel.assertQueue("sports", { durable: true, arguments: { "x-queue-type": "quorum" } });
    for (let id = 1; id <= 60; id += 1) {
      foreign.channel.sendToQueue("sports", Buffer.from(reds), {
        replyTo: foreign.queue,
        correlationId: String(id),
      });
    }
    await until("all wait", async () => {
      const queue = await vhost.manage("GET", `/queues/${vhost.name}/sports`);
      return (queue as { messages_ready?: number }).messages_ready === 60;
    });
    const counting = setInterval(() => (turns += 1), 1);
    await broker.answer(sports, cheer, { refuse });
    await until("all are handled", () => handled === 60);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(20);
  });
});

describe("a frozen reply that is returned again", () => {
  test("is validated and encoded once, and sent under the id of each request", async ({ open, foreign }) => {
    const broker = await open();
    let encoded = 0;
    const frozen = Object.freeze({
      by: "daemon",
      says: "hooray",
      toJSON: () => ((encoded += 1), { by: "daemon" }),
    });
    const conversation = { ...sports, reply: z.looseObject({ by: z.string() }) };
    await broker.answer(conversation, () => frozen, { refuse });
    for (const correlationId of ["1", "2"]) {
      foreign.publish("sports.ohio", reds, { replyTo: foreign.queue, correlationId });
      expect(await foreign.reply(correlationId)).toEqual({ by: "daemon" });
    }
    expect(encoded).toBe(1);
  });

  test("is encoded anew each time if it is not frozen", async ({ open }) => {
    const broker = await open();
    const reply = { by: "daemon", says: "" };
    let times = 0;
    await broker.answer(sports, () => Object.assign(reply, { says: `${(times += 1)}` }), { refuse });
    await broker.ask(sports, { team: "Reds" });
    expect((await broker.ask(sports, { team: "Reds" })).says).toBe("2");
  });
});
