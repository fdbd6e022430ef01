import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { connect, NoServersError, type AnswerOptions, type Settled } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test as base } from "./sports.ts";

// A request that has ended for its caller is not handled later.

type Options = Partial<AnswerOptions<{ by: string; says: string }>>;

const test = base.extend<{
  begun: string[];
  settled: Settled[];
  /** A server that notes the requests that it begins. */
  serve: (options?: Options & { work?: number }) => Promise<{ drain: (timeout?: number) => Promise<void> }>;
}>({
  begun: async ({}, use) => use([]),
  settled: async ({}, use) => use([]),
  serve: async ({ open, begun, settled }, use) => {
    await use(async ({ work = 0, ...options } = {}) => {
      const server = await open();
      const handler = async ({ team }: { team: string }) => {
        begun.push(team);
        await pause(work);
        return { by: "daemon", says: team };
      };
      return server.answer(sports, handler, {
        refuse,
        onSettled: (one) => void settled.push(one),
        ...options,
      });
    });
  },
});

describe("a request that fails because nobody serves it", () => {
  test("is not handled by a server that comes later", async ({ open, serve, begun }) => {
    await serve().then((server) => server.drain());
    const client = await open();
    const asked = Array.from({ length: 50 }, () =>
      client.ask(sports, { team: "given up" }, { deadline: 60_000 }),
    );
    for (const one of await Promise.allSettled(asked)) {
      expect(one).toMatchObject({ status: "rejected", reason: { name: "NoServersError" } });
    }
    await serve();
    expect((await client.ask(sports, { team: "later" })).says).toBe("later");
    await pause(300);
    expect(begun).toEqual(["later"]);
  });

  test("is not handled later either if its servers ended while it was in the queue", async ({
    serve,
    begun,
    settled,
    vhost,
    afterwards,
  }) => {
    const first = await serve({ concurrency: 1, prefetch: 1, work: 400 });
    const client = await connect(vhost.url, { name: "client", serverAbsence: 500 });
    afterwards(() => client.drain());
    const asked = Array.from({ length: 20 }, (_, index) =>
      client.ask(sports, { team: String(index) }, { deadline: 60_000 }),
    );
    const ends = Promise.allSettled(asked);
    await until("one is begun", () => begun.length === 1);
    await first.drain(100);
    const failures = (await ends).filter(({ status }) => status === "rejected");
    expect(failures.length).toBeGreaterThan(10);
    for (const failure of failures) {
      expect((failure as PromiseRejectedResult).reason).toBeInstanceOf(NoServersError);
    }
    const before = begun.length;
    const waiting = (await client.counts(sports))?.waiting ?? 0;
    expect(waiting).toBeGreaterThan(10);
    await serve();
    const cancelled = () => settled.filter(({ outcome }) => outcome === "cancelled").length;
    await until("all are dropped", () => cancelled() === waiting);
    expect(begun.slice(before)).toEqual([]);
    expect((await client.ask(sports, { team: "later" })).says).toBe("later");
  });

  test("waits in the client while its servers are away for a moment, and is answered when they are back", async ({
    serve,
    vhost,
    afterwards,
  }) => {
    const first = await serve();
    const client = await connect(vhost.url, { name: "client", serverAbsence: 10_000 });
    afterwards(() => client.drain());
    await client.ask(sports, { team: "before" });
    await first.drain();
    await pause(1_100);
    const asked = client.ask(sports, { team: "meanwhile" }, { deadline: 20_000 });
    await pause(500);
    expect((await client.counts(sports))?.waiting).toBe(0);
    await serve();
    expect((await asked).says).toBe("meanwhile");
  });
});

describe("requests that end together", () => {
  test("by one signal: no request that waited in the client is published", async ({
    open,
    serve,
    settled,
  }) => {
    await serve({ concurrency: 1, work: 50 });
    const client = await open();
    const abort = new AbortController();
    const asked = Array.from({ length: 5_000 }, (_, index) =>
      client.ask(sports, { team: String(index) }, { signal: abort.signal, deadline: 60_000 }),
    );
    const ends = Promise.allSettled(asked);
    await until("the first are answered", () => settled.length > 2);
    abort.abort(new Error("enough"));
    await ends;
    await client.ask(sports, { team: "last" }, { deadline: 30_000 });
    expect(settled.length).toBeLessThanOrEqual(1_024 + 10);
    expect(settled.filter(({ outcome }) => outcome === "cancelled").length).toBeGreaterThan(900);
  });

  test("by one deadline: no request that waited in the client is published", async ({
    serve,
    settled,
    vhost,
    afterwards,
  }) => {
    await serve({ concurrency: 1, work: 600 });
    const client = await connect(vhost.url, { name: "client", maxInFlight: 10 });
    afterwards(() => client.drain());
    const end = performance.now() + 400;
    const asked = Array.from({ length: 500 }, (_, index) =>
      client.ask(sports, { team: String(index) }, { deadline: end - performance.now() }),
    );
    const ends = await Promise.allSettled(asked);
    expect(ends.filter(({ status }) => status === "rejected")).toHaveLength(500);
    await client.ask(sports, { team: "last" }, { deadline: 30_000 });
    await pause(200);
    expect(settled.length).toBeLessThanOrEqual(11);
  });
});

describe("a notice that a request is cancelled", () => {
  const notice = (foreign: ForeignClient, correlationId: string, replyTo?: string) =>
    foreign.channel.publish("amq.headers", "", Buffer.from(""), {
      correlationId,
      ...(replyTo !== undefined && { replyTo }),
      headers: { cancelled: "sports" },
    });

  test("ends no request of another client, even with the same id", async ({
    vhost,
    serve,
    begun,
    afterwards,
  }) => {
    await serve({ concurrency: 1, work: 200 });
    const [victim, stranger] = [
      await ForeignClient.connect(vhost.url),
      await ForeignClient.connect(vhost.url),
    ];
    afterwards(() => Promise.all([victim.close(), stranger.close()]));
    const ask = (id: string) =>
      victim.publish("sports.ohio", JSON.stringify({ team: id }), {
        correlationId: id,
        replyTo: victim.queue,
      });
    ask("first");
    await until("it is begun", () => begun.length === 1);
    notice(stranger, "1");
    notice(stranger, "1", stranger.queue);
    await pause(50);
    ask("1");
    expect(await victim.reply("1")).toEqual({ by: "daemon", says: "1" });
  });

  test("ends its sender's own request", async ({ vhost, serve, begun, settled, afterwards }) => {
    await serve({ concurrency: 1, work: 200 });
    const caller = await ForeignClient.connect(vhost.url);
    afterwards(() => caller.close());
    for (const id of ["first", "second"]) {
      caller.publish("sports.ohio", JSON.stringify({ team: id }), {
        correlationId: id,
        replyTo: caller.queue,
      });
    }
    await until("one is begun", () => begun.length === 1);
    notice(caller, "second", caller.queue);
    await until("both are settled", () => settled.length === 2);
    expect(begun).toEqual(["first"]);
  });
});

describe("the ids of a client's requests", () => {
  test("say nothing about its other requests", async ({ vhost, open, afterwards }) => {
    const channel = await ForeignClient.connect(vhost.url).then((foreign) => {
      afterwards(() => foreign.close());
      return foreign.channel;
    });
    const server = await open();
    await server.answer(sports, async () => (await pause(300), { by: "daemon", says: "true" }), { refuse });
    // A server of another queue, which this client asks as well, answers for it.
    await channel.assertQueue("other", { exclusive: true });
    await channel.bindQueue("other", "amq.topic", "other.ohio");
    const heard: string[] = [];
    await channel.consume("other", (message) => {
      const { correlationId, replyTo } = message?.properties as { correlationId: string; replyTo: string };
      heard.push(correlationId);
      const [, prefix = "", number = ""] = /^(.*?)(\d+)$/.exec(correlationId) ?? [];
      for (let step = -5; step <= 5; step += 1) {
        const id = step === 0 ? correlationId : `${prefix}${Number(number) + step}`;
        channel.sendToQueue(replyTo, Buffer.from('{"by":"impostor","says":"false"}'), { correlationId: id });
      }
    });
    const client = await open();
    const other = { ...sports, routingKey: "other.ohio", queue: "other" };
    const asked = [sports, other, sports, other, sports].map((each) => client.ask(each, { team: "Reds" }));
    const replies = await Promise.all(asked);
    expect(replies.map(({ says }) => says)).toEqual(["true", "false", "true", "false", "true"]);
    expect(heard).toHaveLength(2);
  });
});

test("a request tells how long it waited, from its sending to its start", async ({
  open,
  serve,
  settled,
}) => {
  await serve({ concurrency: 1, work: 300 });
  const client = await open();
  await Promise.all(["first", "second", "third"].map((team) => client.ask(sports, { team })));
  await until("all are settled", () => settled.length === 3);
  const [first = NaN, second = NaN, third = NaN] = settled.map(({ wait }) => wait);
  expect(first).toBeGreaterThanOrEqual(0);
  expect(second).toBeGreaterThan(200);
  expect(third - second).toBeGreaterThan(200);
  expect(third).toBeLessThan(10_000);
});
