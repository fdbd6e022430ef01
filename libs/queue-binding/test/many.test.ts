import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import * as z from "zod";
import { ClosedError, NoServersError } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { ohio, refuse, sports, test } from "./sports.ts";

const cheer = async ({ team, delay = 0 }: { team: string; delay?: number }) => (
  await pause(delay),
  { by: "daemon", says: `go ${team}` }
);

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("askEach", () => {
  test("yields the replies as they come, each with its question", async ({ open }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse });
    const client = await open();
    const teams = [
      { team: "slow", delay: 300 },
      { team: "quick", delay: 0 },
    ];
    const answered = await all(client.askEach(teams.map((request) => [sports, request] as const)));
    expect(answered).toEqual([
      { index: 1, question: [sports, teams[1]], reply: { by: "daemon", says: "go quick" } },
      { index: 0, question: [sports, teams[0]], reply: { by: "daemon", says: "go slow" } },
    ]);
  });

  test("goes on when some of them fail", async ({ open }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse });
    const client = await open();
    const nobody = { ...sports, routingKey: "weather.nobody", queue: "nobody" };
    const questions = [nobody, sports, nobody, sports].map((each) => [each, { team: "Reds" }] as const);
    const answered = await all(client.askEach(questions));
    const byIndex = answered.toSorted((one, other) => one.index - other.index);
    expect(byIndex.map(({ reply, error }) => reply?.says ?? (error as Error).name)).toEqual([
      "NoServersError",
      "go Reds",
      "NoServersError",
      "go Reds",
    ]);
  });

  test("takes a question only when there is room for it, and cancels the rest when nobody reads on", async ({
    open,
  }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse, concurrency: 64 });
    const client = await open();
    let taken = 0;
    function* endless() {
      for (;;) yield [sports, { team: String((taken += 1)) }] as const;
    }
    let read = 0;
    for await (const { reply } of client.askEach(endless(), { concurrency: 5 })) {
      expect(reply).toBeDefined();
      expect(taken).toBeLessThanOrEqual(read + 5 + 1);
      if ((read += 1) === 50) break;
    }
    expect(taken).toBeLessThan(60);
    await client.drain();
  });

  test("takes no more questions once it is aborted", async ({ open }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse });
    const client = await open();
    const stop = new AbortController();
    function* endless() {
      for (let team = 1; ; team += 1) yield [sports, { team: String(team) }] as const;
    }
    const errors: unknown[] = [];
    for await (const { index, error } of client.askEach(endless(), { concurrency: 5, signal: stop.signal })) {
      if (index === 10) stop.abort(new Error("enough"));
      if (error) errors.push(error);
    }
    expect(errors.length).toBeLessThanOrEqual(5);
    for (const error of errors) expect(error).toEqual(new Error("enough"));
  });

  test("refuses an option out of its range, at the call", async ({ open }) => {
    const client = await open();
    for (const concurrency of [0, NaN, -1, 1.5]) {
      expect(() => client.askEach([], { concurrency })).toThrow(
        new RangeError(`concurrency must be a whole number from 1, got ${concurrency}`),
      );
    }
    expect(() => client.askEach([], { deadline: NaN })).toThrow(RangeError);
  });

  test("of no questions gives nothing", async ({ open }) => {
    const client = await open();
    expect(await all(client.askEach([]))).toEqual([]);
  });
});

const anything = {
  exchange: "amq.topic",
  routingKey: "sports.ohio",
  request: z.unknown(),
  reply: z.unknown(),
};

describe("gather", () => {
  test("yields every reply to the message, until the deadline", async ({ open }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse });
    await server.answer(ohio, () => ({ by: "ohio", says: "" }), { refuse });
    const client = await open();
    const began = performance.now();
    const gathered = await all(client.gather(anything, { team: "Reds" }, { deadline: 500 }));
    expect(performance.now() - began).toBeGreaterThan(490);
    expect(gathered.map(({ reply }) => (reply as { by: string }).by).sort()).toEqual(["daemon", "ohio"]);
  });

  test("ends as soon as there are enough", async ({ open }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse });
    await server.answer(ohio, cheer, { refuse });
    const client = await open();
    const gathered = await all(client.gather(anything, { team: "Reds" }, { count: 2, deadline: 60_000 }));
    expect(gathered).toHaveLength(2);
  });

  test("ends when it is aborted", async ({ open }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse });
    const client = await open();
    const signal = AbortSignal.timeout(200);
    expect(await all(client.gather(anything, { team: "Reds" }, { deadline: 60_000, signal }))).toHaveLength(
      1,
    );
  });

  test("fails when its client is drained meanwhile", async ({ open }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse });
    const client = await open();
    const gathered = client.gather(anything, { team: "Reds" }, { deadline: 60_000 });
    expect(await gathered.next()).toMatchObject({ value: { reply: { by: "daemon" } } });
    await client.drain();
    await expect(gathered.next()).rejects.toBeInstanceOf(ClosedError);
  });

  test("sends nothing when it was aborted before", async ({ open }) => {
    const client = await open();
    const gathered = client.gather(anything, {}, { deadline: 60_000, signal: AbortSignal.abort() });
    // Nobody listens, so a message that is sent would fail.
    expect(await all(gathered)).toEqual([]);
  });

  test("yields the error of an invalid reply, and continues", async ({ open }) => {
    const server = await open();
    await server.answer(sports, cheer, { refuse });
    await server.answer({ ...ohio, reply: z.unknown() }, () => "sunny", { refuse: () => "sunny" });
    const client = await open();
    const gathered = await all(client.gather(sports, { team: "Reds" }, { count: 2 }));
    const told = gathered.map(({ reply, error }) => reply?.says ?? (error as Error).name);
    expect(told.sort()).toEqual(["ValidationError", "go Reds"]);
  });

  test("drops the oldest replies of a flood that is read slowly, and says how many", async ({
    open,
    vhost,
    afterwards,
  }) => {
    const flood = await ForeignClient.connect(vhost.url);
    afterwards(() => flood.close());
    await flood.channel.assertQueue("flood", { exclusive: true });
    await flood.channel.bindQueue("flood", "amq.topic", "sports.ohio");
    const body = Buffer.from(JSON.stringify("x".repeat(30_000)));
    let sent = 0;
    // The broker takes the messages of a channel in order, so after this one it has taken all.
    const { queue: last } = await flood.channel.assertQueue("", { exclusive: true });
    const flooded = new Promise((resolve) => void flood.channel.consume(last, resolve));
    await flood.channel.consume("flood", (message) => {
      const { correlationId, replyTo } = message?.properties as { correlationId: string; replyTo: string };
      for (; sent < 3_000; sent += 1) flood.channel.sendToQueue(replyTo, body, { correlationId });
      flood.channel.sendToQueue(last, body);
    });
    const client = await open();
    let [read, dropped] = [0, 0];
    for await (const one of client.gather(anything, {}, { deadline: 25_000 })) {
      if (read === 0) {
        await flooded;
        await pause(2_000);
      }
      read += 1;
      dropped += one.dropped ?? 0;
      if (read + dropped === 3_000) break;
    }
    expect(sent).toBe(3_000);
    expect(read + dropped).toBe(3_000);
    expect(dropped).toBeGreaterThan(2_000);
  });

  test("refuses an invalid count", async ({ open }) => {
    const client = await open();
    for (const count of [0, NaN, 2.5]) {
      await expect(client.gather(anything, {}, { count }).next()).rejects.toThrow(
        `count must be a whole number from 1, got ${count}`,
      );
    }
  });

  test("fails at once when nobody listens", async ({ open }) => {
    const client = await open();
    await expect(all(client.gather(anything, {}, { deadline: 60_000 }))).rejects.toBeInstanceOf(
      NoServersError,
    );
  });
});
