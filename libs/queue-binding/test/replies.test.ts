import amqplib from "amqplib";
import { describe, expect } from "vitest";
import * as z from "zod";
import { until } from "@weather/testing/vitest";
import { connect, type Conversation, type Log, type Settled } from "../src/index.ts";
import { reds, test as base } from "./daemon.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports } from "./sports.ts";

/** `letters` waits for so many dead letters, and returns their reasons. `newcomers` are clients without an earlier reply. */
const test = base.extend<{
  letters: (count: number) => Promise<string[]>;
  newcomers: (count: number) => Promise<ForeignClient[]>;
}>({
  letters: async ({ foreign }, use) => {
    await use(async (count) => {
      const reasons: string[] = [];
      await until(`${count} dead letters`, async () => {
        const letter = await foreign.get(sports.deadLetter);
        if (letter) reasons.push(String(letter.properties.headers?.["x-failure-reason"]));
        return reasons.length === count;
      });
      expect(await foreign.get(sports.deadLetter)).toBeUndefined();
      return reasons;
    });
  },
  newcomers: async ({ vhost, afterwards }, use) => {
    await use(async (count) => {
      const clients = await Promise.all(
        Array.from({ length: count }, () => ForeignClient.connect(vhost.url)),
      );
      afterwards(() => Promise.all(clients.map((client) => client.close())));
      return clients;
    });
  },
});

const ask = (client: ForeignClient, correlationId: string, properties: object = {}) =>
  client.publish("sports.ohio", reds, { replyTo: client.queue, correlationId, ...properties });

describe("a harmful reply address", () => {
  /** Two forms: for the one RabbitMQ 3.10 closes the connection, the other one it takes as an ordinary name. */
  const madeUp = (number: number) =>
    number % 2 ? `amq.rabbitmq.reply-to.g1h2AA5yZXBseUA${number}=.AAAA` : `amq.rabbitmq.reply-to.x${number}`;

  test("harms no other request, although there are forty of them among new clients", async ({
    daemon,
    foreign,
    newcomers,
    settled,
  }) => {
    const broker = await daemon();
    const clients = await newcomers(7);
    ask(foreign, "known");
    await foreign.reply("known");
    for (let number = 0; number < 40; number += 1) {
      ask(foreign, `bad ${number}`, { replyTo: madeUp(number) });
      ask(foreign, `good ${number}`);
      const client = clients[number];
      if (client) ask(client, "new");
    }
    for (const client of clients) expect(await client.reply("new")).toMatchObject({ by: "daemon" });
    for (let number = 0; number < 40; number += 1)
      expect(await foreign.reply(`good ${number}`)).toMatchObject({ by: "daemon" });
    await until("all are settled", () => settled.length === 88, 20_000);
    expect(broker.reconnections).toBe(0);
    // RabbitMQ 4 treats an unreadable address as that of a client that has gone.
    const condemned = settled.filter(({ outcome }) => outcome === "dead-lettered");
    expect(condemned.every(({ id }) => id?.startsWith("bad"))).toBe(true);
    expect(settled.filter(({ outcome }) => outcome === "answered")).toHaveLength(88 - condemned.length);
  });

  test("is refused at once when it comes again", async ({ daemon, foreign, letters, settled }) => {
    await daemon();
    for (let number = 0; number < 100; number += 1)
      ask(foreign, `bad ${number}`, { replyTo: "direct://no-such-exchange/key" });
    ask(foreign, "good");
    expect(await foreign.reply("good")).toMatchObject({ by: "daemon" });
    await until("all are settled", () => settled.length === 101);
    expect(new Set(await letters(100))).toEqual(new Set(["reply-refused"]));
  });

  test("is refused when its queue takes no more messages", async ({ daemon, foreign, letters }) => {
    await daemon();
    await foreign.channel.assertQueue("full", {
      arguments: { "x-max-length": 0, "x-overflow": "reject-publish" },
    });
    ask(foreign, "full", { replyTo: "full" });
    ask(foreign, "good");
    expect(await foreign.reply("good")).toMatchObject({ by: "daemon" });
    expect(await letters(1)).toEqual(["reply-refused"]);
  });
});

test("a direct reply-to is answered, the first time and every time after it", async ({ vhost, daemon }) => {
  await daemon();
  const connection = await amqplib.connect(vhost.url);
  const channel = await connection.createChannel();
  const replies: string[] = [];
  const replyTo = "amq.rabbitmq.reply-to";
  await channel.consume(replyTo, (reply) => reply && replies.push(String(reply.properties.correlationId)), {
    noAck: true,
  });
  const send = (correlationId: string) =>
    channel.publish("amq.topic", "sports.ohio", Buffer.from(reds), { replyTo, correlationId });
  for (const id of ["1", "2", "3"]) {
    send(id);
    await until(`${id} is answered`, () => replies.includes(id));
  }
  for (let number = 4; number <= 100; number += 1) send(String(number));
  await until("all are answered", () => replies.length === 100);
  await connection.close();
});

test("a server that may have one connection only answers over it, and says so", async ({
  vhost,
  foreign,
  afterwards,
}) => {
  const user = `one-${vhost.name}`;
  await vhost.manage("PUT", `/users/${user}`, { password: "one", tags: "" });
  await vhost.manage("PUT", `/permissions/${vhost.name}/${user}`, {
    configure: ".*",
    write: ".*",
    read: ".*",
  });
  await vhost.manage("PUT", `/user-limits/${user}/max-connections`, { value: 1 });
  const warnings: string[] = [];
  const quiet = () => {};
  const log: Log = { debug: quiet, info: quiet, warn: (_, message) => warnings.push(message), error: quiet };
  const broker = await connect(vhost.url.replace("guest:guest", `${user}:one`), { name: "one", log });
  afterwards(() => broker.drain());
  await broker.answer(sports, () => ({ by: "daemon", says: "" }), { refuse });
  ask(foreign, "1");
  expect(await foreign.reply("1")).toMatchObject({ by: "daemon" });
  ask(foreign, "2", { replyTo: "direct://no-such-exchange/key" });
  ask(foreign, "3");
  expect(await foreign.reply("3")).toMatchObject({ by: "daemon" });
  expect(warnings.filter((line) => line.includes("second connection"))).toHaveLength(1);
});

test("returned replies are reported, for a caller that never existed and for one that has gone", async ({
  daemon,
  newcomers,
}) => {
  const returned: string[] = [];
  await daemon({ onReturned: (replyTo) => returned.push(replyTo) });
  const [caller, other] = (await newcomers(2)) as [ForeignClient, ForeignClient];
  ask(caller, "1");
  await caller.reply("1");
  const { queue } = caller;
  await caller.close();
  ask(other, "2", { replyTo: queue });
  ask(other, "3", { replyTo: "never-there" });
  ask(other, "4", { replyTo: "direct://amq.direct/nobody" });
  await until("three came back", () => returned.length === 3);
  expect(returned.toSorted()).toEqual([queue, "never-there", "nobody"].toSorted());
});

/** A conversation with any reply. */
const anything = { ...sports, reply: z.any() } satisfies Conversation;

describe("a reply that is too large", () => {
  test("becomes a refusal that says so, at once; those beside it are answered", async ({
    open,
    foreign,
    letters,
  }) => {
    const broker = await open();
    const handler = ({ team }: { team: string }) => ({
      by: "daemon",
      says: team === "Reds" ? "x".repeat(2 ** 21) : "",
    });
    await broker.answer(sports, handler, { refuse });
    for (let number = 0; number < 10; number += 1) {
      ask(foreign, `large ${number}`);
      foreign.publish("sports.ohio", '{"team":"Browns"}', {
        replyTo: foreign.queue,
        correlationId: `small ${number}`,
      });
    }
    for (let number = 0; number < 10; number += 1) {
      expect(await foreign.reply(`small ${number}`)).toMatchObject({ by: "daemon" });
      expect(await foreign.reply(`large ${number}`)).toEqual({
        by: "refusal",
        says: expect.stringMatching(
          /^given up after 1 try: the reply has 2\d+ bytes, and at most 1048576 are sent$/,
        ) as string,
      });
    }
    expect(await letters(10)).toEqual(Array(10).fill("failed"));
    expect(broker.reconnections).toBe(0);
  });

  test("does not arise from many large replies to a batch: they come in several messages", async ({
    open,
    vhost,
    foreign,
  }) => {
    const broker = await open();
    await broker.answer(sports, () => ({ by: "daemon", says: "x".repeat(200_000) }), { refuse });
    ask(foreign, "first");
    await foreign.reply("first");
    const connection = await amqplib.connect(vhost.url);
    const channel = await connection.createChannel();
    const sizes: number[] = [];
    const ids: string[] = [];
    const { queue } = await channel.assertQueue("", { exclusive: true });
    await channel.consume(
      queue,
      (reply) => {
        if (!reply) return;
        sizes.push(reply.content.length);
        ids.push(...(JSON.parse(reply.content.toString()) as [string, unknown][]).map(([id]) => id));
      },
      { noAck: true },
    );
    const batch = Array.from({ length: 60 }, (_, number) => [String(number), { team: "Reds" }]);
    const send = () =>
      foreign.publish("sports.ohio", JSON.stringify(batch), {
        replyTo: queue,
        correlationId: "batch",
        headers: { batch: 60 },
      });
    send();
    await until("all are answered", () => ids.length === 60);
    send();
    await until("all are answered again", () => ids.length === 120);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 20 + 4_096);
    expect(sizes.length).toBeLessThan(120);
    await connection.close();
  });
});

describe("a caller gets the reason", () => {
  test("of an error whose message is longer than any header", async ({ open, foreign, letters }) => {
    const broker = await open();
    const handler = () => {
      throw new Error("°".repeat(100_000));
    };
    await broker.answer(sports, handler, { refuse });
    ask(foreign, "1", { expiration: "400" });
    expect(await foreign.reply("1")).toMatchObject({ by: "refusal" });
    expect(await letters(1)).toEqual(["failed"]);
  });

  for (const [what, reply] of [
    ["nothing", undefined],
    ["a function", () => {}],
    ["what cannot be encoded", { large: 1n }],
  ] as const) {
    test(`that the handler returned ${what}`, async ({ open, foreign, letters }) => {
      const broker = await open();
      await broker.answer(anything, () => reply, { refuse });
      ask(foreign, "1", { expiration: "400" });
      expect(await foreign.reply("1")).toMatchObject({ by: "refusal" });
      expect(await letters(1)).toEqual(["failed"]);
    });
  }

  test("never, if the refusal itself fails; the request is dead-lettered, and the next one is answered", async ({
    open,
    foreign,
    letters,
  }) => {
    const broker = await open();
    const handler = ({ team }: { team: string }) => {
      if (team === "crash") throw new Error("the cheerleader fell");
      return { by: "daemon", says: team };
    };
    const noRefusal = () => {
      throw new Error("no refusal either");
    };
    const settled: Settled[] = [];
    await broker.answer(sports, handler, { refuse: noRefusal, onSettled: (one) => settled.push(one) });
    foreign.publish("sports.ohio", '{"team":"crash"}', { replyTo: foreign.queue, expiration: "400" });
    ask(foreign, "good");
    expect(await foreign.reply("good")).toMatchObject({ by: "daemon" });
    expect(await letters(1)).toEqual(["failed"]);
    await until("both are settled", () => settled.length === 2);
  });
});

test("a request has the id of its trace, with OpenTelemetry or without", async ({
  daemon,
  foreign,
  settled,
}) => {
  await daemon();
  const trace = "0af7651916cd43dd8448eb211c80319c";
  ask(foreign, "traced", { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } });
  ask(foreign, "plain", { headers: { traceparent: 7 } });
  await until("both are settled", () => settled.length === 2);
  const traces = Object.fromEntries(settled.map(({ id, traceId }) => [String(id), traceId]));
  expect(traces).toEqual({ traced: trace, plain: undefined });
});

test("a batch without reply-to, with a question nested 10,000 deep, is one dead letter", async ({
  daemon,
  foreign,
  letters,
}) => {
  await daemon();
  const deep = "[".repeat(10_000) + "]".repeat(10_000);
  const parts = [...Array.from({ length: 99 }, (_, id) => `["${id}",${reds}]`), `["deep",${deep}]`];
  foreign.publish("sports.ohio", `[${parts.join()}]`, { headers: { batch: 100 } });
  expect(await letters(1)).toEqual(["no-reply-to"]);
});
