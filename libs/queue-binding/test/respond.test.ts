import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import * as z from "zod";
import { until } from "@weather/testing/vitest";
import type { Broker } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test as base } from "./sports.ts";

/** Questions to every server of the queue `sports`. */
const roll = { ...sports, routingKey: "roll.sports.all", bindingKey: "roll.sports.all" };
const question = { team: "Reds" };

const test = base.extend<{
  /** A server that answers requests slowly and, unless it is of an older version, responds to questions to all. */
  serve: (name: string, old?: boolean) => Promise<Broker>;
  /** Surveys until so many have replied. */
  heard: (replies: number) => Promise<string[]>;
}>({
  serve: async ({ open }, use) => {
    await use(async (name, old = false) => {
      const server = await open(name);
      const slowly = async () => {
        await pause(60_000, undefined, { ref: false });
        return { by: name, says: "late" };
      };
      await server.answer(sports, slowly, { refuse, concurrency: 1, prefetch: 1 });
      if (!old) server.respond(roll, ({ team }) => ({ by: name, says: team }), { refuse });
      return server;
    });
  },
  heard: async ({ open }, use) => {
    const client = await open("asker");
    await use(async (replies) => {
      let names: string[] = [];
      await until(`${replies} replies`, async () => {
        names = (await client.survey(roll, question)).replies.map(({ by }) => by);
        return names.length === replies;
      });
      return names.sort();
    });
  },
});

describe("a question to all", () => {
  test("is answered by every server, also by a busy one with a full prefetch", async ({
    serve,
    heard,
    open,
  }) => {
    const servers = await Promise.all(["one", "two"].map((name) => serve(name)));
    const client = await open();
    const asked = Array.from({ length: 6 }, () => client.ask(sports, question, { deadline: 30_000 }));
    const ends = Promise.allSettled(asked);
    await until("two are begun, four wait", async () => (await client.counts(sports))?.waiting === 4);
    expect(await heard(2)).toEqual(["one", "two"]);
    await Promise.all([client, ...servers].map((broker) => broker.drain(200)));
    await ends;
  });

  test("ends as soon as all have replied, and counts those that did not", async ({ serve, heard, open }) => {
    const client = await open();
    expect(await client.survey(roll, question)).toMatchObject({ counts: undefined, replies: [], silent: 0 });
    const old = await serve("old", true);
    expect(await client.survey(roll, question)).toMatchObject({ replies: [], silent: 1 });
    const fresh = await serve("new");
    await heard(1);
    const counts = { servers: 2, waiting: 0 };
    expect(await client.survey(roll, question, { deadline: 300 })).toMatchObject({ counts, silent: 1 });
    await old.drain(200);
    const began = performance.now();
    const survey = await client.survey(roll, question, { deadline: 60_000 });
    expect(survey).toMatchObject({ silent: 0, replies: [{ by: "new" }] });
    expect(performance.now() - began).toBeLessThan(20_000);
    await fresh.drain(200);
    expect(await client.survey(roll, question)).toMatchObject({ counts: { servers: 0 }, silent: 0 });
  });

  test("that is invalid is refused", async ({ serve, heard, open }) => {
    const server = await serve("one");
    await heard(1);
    const client = await open();
    const survey = await client.survey({ ...roll, request: z.unknown() }, { team: 7 });
    expect(survey.replies).toMatchObject([{ by: "refusal" }]);
    await server.drain(200);
  });

  test("is answered again after a lost connection", async ({ serve, heard, vhost }) => {
    const server = await serve("one");
    await heard(1);
    await until("it is closed", () => vhost.closeConnections("questions to all"));
    expect(await heard(1)).toEqual(["one"]);
    await server.drain(200);
  });
});

describe("a question with a forged direct reply-to", () => {
  test("ends only the connection for such questions on RabbitMQ 3.10", async ({
    serve,
    heard,
    vhost,
    open,
    afterwards,
  }) => {
    const server = await serve("one");
    await heard(1);
    const hostile = await ForeignClient.connect(vhost.url);
    afterwards(() => hostile.close());
    for (let sent = 0; sent < 20; sent += 1)
      hostile.publish(roll.routingKey, JSON.stringify(question), { replyTo: "amq.rabbitmq.reply-to.forged" });
    const quick = { ...sports, queue: "quick", bindingKey: "quick.#", routingKey: "quick.one" };
    await server.answer(quick, ({ team }) => ({ by: "quick", says: team }), { refuse });
    expect((await (await open()).ask(quick, question)).says).toBe("Reds");
    expect(await heard(1)).toEqual(["one"]);
    expect(server.reconnections).toBe(0);
    await server.drain(200);
  });
});

describe("a flood of questions to all", () => {
  test("costs a server at most 100 replies a second, and does not affect others", async ({
    serve,
    heard,
    vhost,
    open,
    afterwards,
  }) => {
    let handled = 0;
    const server = await serve("one", true);
    server.respond(roll, () => ({ by: "one", says: String((handled += 1)) }), { refuse });
    await heard(1);
    const hostile = await ForeignClient.connect(vhost.url);
    afterwards(() => hostile.close());
    const before = handled;
    const began = performance.now();
    for (let sent = 0; sent < 20_000; sent += 1) {
      const replyTo = ["nowhere", "direct://missing/key", undefined][sent % 3];
      hostile.publish(roll.routingKey, JSON.stringify(question), replyTo === undefined ? {} : { replyTo });
    }
    await pause(1_000);
    const seconds = (performance.now() - began) / 1_000;
    expect(handled - before).toBeLessThanOrEqual(100 * (seconds + 0.5));
    expect(await heard(1)).toEqual(["one"]);
    const client = await open();
    const other = { ...sports, queue: "other", bindingKey: "other.#", routingKey: "other.one" };
    await (await open()).answer(other, ({ team }) => ({ by: "other", says: team }), { refuse });
    expect((await client.ask(other, question)).says).toBe("Reds");
    await server.drain(200);
  });
});
