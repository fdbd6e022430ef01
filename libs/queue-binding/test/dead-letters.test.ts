import { describe, expect } from "vitest";
import { FaultProxy } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { connect, type Broker } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test as base } from "./sports.ts";

const cheer = ({ team }: { team: string }) => ({ by: "daemon", says: `go ${team}` });
const crash = () => {
  throw new Error("the cheerleader fell");
};

const test = base.extend<{
  foreign: ForeignClient;
  broker: Broker;
  waiting: (count: number) => Promise<void>;
}>({
  foreign: async ({ vhost, afterwards }, use) => {
    const client = await ForeignClient.connect(vhost.url);
    afterwards(() => client.close());
    await use(client);
  },
  broker: async ({ open }, use) => use(await open()),
  /** Waits until there are so many dead letters. */
  waiting: async ({ broker }, use) => {
    const queue = { queue: sports.deadLetter };
    await use((count) =>
      until(`${count} dead letters`, async () => (await broker.counts(queue))?.waiting === count),
    );
  },
});

const asked = (foreign: ForeignClient, team: string, id = team) =>
  foreign.publish("sports.ohio", JSON.stringify({ team }), {
    replyTo: foreign.queue,
    correlationId: id,
    expiration: "30000",
    headers: { "x-harmless": 1 },
  });

describe("dead letters", () => {
  test("have the reason that a server wrote", async ({ broker, foreign, waiting }) => {
    await broker.answer(sports, crash, { refuse });
    asked(foreign, "Reds");
    await waiting(1);
    const letters = await broker.deadLetters(sports, 10);
    expect(letters.all).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{10}$/) as string,
        at: expect.any(Date) as Date,
        queue: "sports",
        routingKey: "sports.ohio",
        reason: "failed",
        message: "given up after 3 tries: the cheerleader fell",
        attempts: 3,
        body: Buffer.from('{"team":"Reds"}'),
        replyTo: foreign.queue,
        correlationId: "Reds",
        expiration: 30_000,
      },
    ]);
    await letters.close();
  });

  test("have the reason that the broker wrote, and nothing that their sender forged", async ({
    broker,
    foreign,
    waiting,
  }) => {
    // As earlier versions, or an operator, declared it.
    await foreign.channel.assertQueue("sports", {
      durable: true,
      deadLetterExchange: "",
      deadLetterRoutingKey: sports.deadLetter,
    });
    const server = await broker.answer(sports, cheer, { refuse });
    await server.drain();
    foreign.publish("sports.ohio", "{", {
      messageId: "m",
      headers: {
        "x-original-queue": "somebody-else",
        "x-failure-reason": "invented",
        "x-death": [{ queue: "invented" }],
      },
    });
    await until("it is rejected", async () => {
      const message = await foreign.channel.get("sports");
      if (message) foreign.channel.nack(message, false, false);
      return message;
    });
    await waiting(1);
    const letters = await broker.deadLetters(sports, 10);
    expect(letters.all).toMatchObject([
      { queue: "sports", reason: "rejected", message: "", correlationId: "m" },
    ]);
    await letters.close();
  });

  test("are back in their queue, in order and with the same IDs, when they are not held any more", async ({
    broker,
    open,
    vhost,
    foreign,
    waiting,
  }) => {
    await broker.answer(sports, crash, { refuse, concurrency: 1 });
    for (const team of ["Reds", "Browns", "Bengals"]) {
      asked(foreign, team);
      await foreign.reply(team);
    }
    const look = async (from: Broker) => (await from.deadLetters(sports, 10)).all.map(({ id }) => id);
    const first = await broker.deadLetters(sports, 10);
    const ids = first.all.map(({ id }) => id);
    expect(first.all.map(({ correlationId }) => correlationId)).toEqual(["Reds", "Browns", "Bengals"]);
    expect(await look(await open())).toEqual([]);
    await first.close();
    await waiting(3);
    const operator = await open("operator");
    expect(await look(operator)).toEqual(ids);
    await until("the broker knows it", async () => (await vhost.closeConnections("operator")) === 1);
    await waiting(3);
    expect(await look(await open())).toEqual(ids);
  });

  test("are answered when they are replayed, and are no dead letters any more", async ({
    open,
    broker,
    foreign,
    waiting,
  }) => {
    const server = await open();
    const serving = await server.answer(sports, crash, { refuse });
    asked(foreign, "Reds", "1");
    expect(await foreign.reply("1")).toMatchObject({ by: "refusal" });
    await waiting(1);
    await serving.drain();
    let context: unknown;
    await server.answer(sports, (request) => ((context = request), cheer(request)), { refuse });
    const letters = await broker.deadLetters(sports, 10);
    const [letter] = letters.all as [(typeof letters.all)[0]];
    expect(await letters.callerWaits(letter)).toBe(true);
    expect(await letters.replay(letter, 10_000)).toBe(true);
    await until("it is answered", () => foreign.replies("1").length === 2);
    expect(foreign.replies("1")[1]).toEqual({ by: "daemon", says: "go Reds" });
    expect(context).toEqual({ team: "Reds" });
    expect(letters.all).toEqual([]);
    await letters.close();
    await waiting(0);
  });

  test("go back as they were sent, with a fresh expiration", async ({ broker, foreign, waiting }) => {
    const serving = await broker.answer(sports, crash, { refuse });
    asked(foreign, "Reds");
    await waiting(1);
    await serving.drain();
    const letters = await broker.deadLetters(sports, 10);
    await letters.replay(letters.all[0] as (typeof letters.all)[0], 10_000);
    await letters.close();
    const request = await foreign.get("sports");
    expect(request?.body).toBe('{"team":"Reds"}');
    expect(request?.properties).toMatchObject({
      expiration: "10000",
      correlationId: "Reds",
      replyTo: foreign.queue,
      headers: { "x-harmless": 1 },
    });
    expect(Object.keys(request?.properties.headers ?? {}).filter((name) => !/-count$/.test(name))).toEqual([
      "x-harmless",
    ]);
  });

  test("are not copied in the operator's name to queues of their sender's choice", async ({
    broker,
    foreign,
    waiting,
  }) => {
    const serving = await broker.answer(sports, crash, { refuse });
    await serving.drain();
    // A dead letter by the broker, which has every header of its sender.
    foreign.channel.sendToQueue(sports.deadLetter, Buffer.from('{"team":"Reds"}'), {
      correlationId: "1",
      headers: { CC: [foreign.queue], "x-original-queue": "sports", "x-failure-reason": "failed" },
    });
    await until("the sender's own copy is there", () => foreign.replies("1").length === 1);
    await waiting(1);
    const letters = await broker.deadLetters(sports, 10);
    expect(await letters.replay(letters.all[0] as (typeof letters.all)[0], 10_000)).toBe(true);
    await letters.close();
    expect((await foreign.get("sports"))?.body).toBe('{"team":"Reds"}');
    expect(foreign.replies("1")).toHaveLength(1);
  });

  test("are never lost by a replay, wherever the line is cut in the middle of it", async ({
    broker,
    vhost,
    foreign,
    waiting,
    afterwards,
  }) => {
    const serving = await broker.answer(sports, crash, { refuse });
    asked(foreign, "Reds");
    await waiting(1);
    await serving.drain();
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    const deadOnes = async () => (await broker.counts({ queue: sports.deadLetter }))?.waiting;
    const requests = async () => (await broker.counts({ queue: "sports" }))?.waiting;
    const ends = new Set<string>();
    for (let bytes = 15, kept = true; kept; bytes += 15) {
      const operator = await connect(line.through(vhost.url), { name: "operator" });
      const letters = await operator.deadLetters(sports, 10);
      line.up.cutAfter = bytes;
      await letters.replay(letters.all[0] as (typeof letters.all)[0], 60_000).catch(() => {});
      await letters.close();
      line.up.heal();
      await operator.drain();
      // The broker returns it a moment after it has lost the connection that held it.
      kept = await until("it is a dead letter", async () => (await deadOnes()) === 1, 3_000).then(
        () => true,
        () => false,
      );
      ends.add(`${kept ? "a dead letter" : ""} ${(await requests()) === 1 ? "a request" : ""}`);
      await foreign.channel.purgeQueue("sports");
    }
    expect([...ends]).toEqual(["a dead letter ", "a dead letter a request", " a request"]);
  });

  test("are never waited for without end, wherever the line is cut while they come", async ({
    broker,
    vhost,
    foreign,
    waiting,
    afterwards,
  }) => {
    await broker.answer(sports, crash, { refuse });
    asked(foreign, "Reds");
    await waiting(1);
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    for (let bytes = 50; bytes <= 350; bytes += 50) {
      const operator = await connect(line.through(vhost.url), { name: "operator" });
      line.down.cutAfter = bytes;
      await expect(operator.deadLetters(sports, 10)).rejects.toThrow(/lost|ended/);
      await operator.drain();
      await waiting(1);
    }
  });

  test("whose caller has gone, or whose queue has gone, are known", async ({
    broker,
    vhost,
    foreign,
    waiting,
  }) => {
    const serving = await broker.answer(sports, crash, { refuse });
    const caller = await ForeignClient.connect(vhost.url);
    asked(caller, "Reds");
    await caller.reply("Reds");
    await caller.close();
    await waiting(1);
    await serving.drain();
    await foreign.channel.deleteQueue("sports");
    const letters = await broker.deadLetters(sports, 10);
    const [letter] = letters.all as [(typeof letters.all)[0]];
    expect(await letters.callerWaits(letter)).toBe(false);
    expect(await letters.replay(letter, 10_000)).toBe(false);
    await letters.close();
    await waiting(1);
  });

  test("of a client of this library are known to wait as long as it is connected", async ({
    broker,
    open,
    waiting,
  }) => {
    await broker.answer(sports, crash, { refuse });
    const client = await open();
    expect(await client.ask(sports, { team: "Reds" })).toMatchObject({ by: "refusal" });
    await waiting(1);
    const letters = await broker.deadLetters(sports, 10);
    const [letter] = letters.all as [(typeof letters.all)[0]];
    expect(await letters.callerWaits(letter)).toBe(true);
    await client.drain();
    await until("its caller has gone", async () => !(await letters.callerWaits(letter)));
    await letters.close();
  });

  test("with a reply address that RabbitMQ cannot read are like any other", async ({
    broker,
    foreign,
    waiting,
  }) => {
    const serving = await broker.answer(sports, crash, { refuse });
    await serving.drain();
    for (const replyTo of ["amq.rabbitmq.reply-to.AAAA.BBBB", foreign.queue]) {
      const headers = { "x-original-queue": "sports" };
      foreign.channel.sendToQueue(sports.deadLetter, Buffer.from("{}"), { replyTo, headers });
    }
    await waiting(2);
    const letters = await broker.deadLetters(sports, 10);
    const [forged, other] = letters.all as [(typeof letters.all)[0], (typeof letters.all)[0]];
    expect(await letters.callerWaits(forged)).toBe(false);
    expect(await letters.callerWaits(other)).toBe(true);
    expect(await letters.replay(other, 10_000)).toBe(true);
    await letters.close();
    await waiting(1);
  });

  test("that are dropped are gone", async ({ broker, foreign, waiting }) => {
    await broker.answer(sports, crash, { refuse });
    asked(foreign, "Reds");
    asked(foreign, "Browns");
    await waiting(2);
    const letters = await broker.deadLetters(sports, 10);
    letters.drop(letters.all[0] as (typeof letters.all)[0]);
    await letters.close();
    await waiting(1);
  });
});
