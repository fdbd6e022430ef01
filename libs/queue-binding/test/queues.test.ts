import { describe, expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { connect, type Log } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test as base } from "./sports.ts";

const quiet = () => {};
const cheer = ({ team }: { team: string }) => ({ by: "daemon", says: team });

/** `serve` starts a sports daemon whose warnings are collected. */
const test = base.extend<{ operator: ForeignClient; warnings: string[]; serve: () => Promise<unknown> }>({
  operator: async ({ vhost, afterwards }, use) => {
    const client = await ForeignClient.connect(vhost.url);
    afterwards(() => client.close());
    await use(client);
  },
  warnings: async ({}, use) => use([]),
  serve: async ({ vhost, warnings, afterwards }, use) => {
    await use(async () => {
      const say = (details: object, message: string) =>
        warnings.push(`${message} ${JSON.stringify(details)}`);
      const log: Log = { debug: quiet, info: quiet, warn: say, error: say };
      const broker = await connect(vhost.url, { name: "server", log });
      afterwards(() => broker.drain());
      return broker.answer(sports, cheer, { refuse });
    });
  },
});

describe("a server", () => {
  test("creates the queue that does not exist, as a quorum queue that drops nothing but what has expired", async ({
    vhost,
    serve,
    warnings,
  }) => {
    await serve();
    const queue = await vhost.manage("GET", `/queues/${vhost.name}/sports`);
    const settings = { "x-queue-type": "quorum", "x-delivery-limit": 1_000_000 };
    expect(queue).toMatchObject({ durable: true, arguments: settings });
    expect(Object.keys((queue as { arguments: object }).arguments)).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  test("joins a queue that an operator made in another way, and says once how it differs", async ({
    open,
    operator,
    serve,
    warnings,
  }) => {
    await operator.channel.assertQueue("sports", { durable: true, arguments: { "x-queue-type": "classic" } });
    await serve();
    const client = await open();
    expect(await client.ask(sports, { team: "Reds" })).toMatchObject({ by: "daemon" });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("the queue was made with other arguments and is used as it is");
    expect(warnings[0]).toContain("inequivalent arg");
  });

  test("answers requests that waited in the queue before it started", async ({ operator, serve }) => {
    await serve().then((server) => (server as { drain(): Promise<void> }).drain());
    operator.publish("sports.ohio", '{"team":"Reds"}', { replyTo: operator.queue, correlationId: "1" });
    await serve();
    expect(await operator.reply("1")).toMatchObject({ says: "Reds" });
  });

  // RabbitMQ 3.10 may close the connection (541) of one that declares a quorum queue while another is making it: then
  // that server comes back a moment later.
  test("that starts at the same instant as nine others serves as they do", async ({ open, serve }) => {
    await Promise.all(Array.from({ length: 10 }, serve));
    const client = await open();
    await until("ten listen", async () => (await client.counts(sports))?.servers === 10);
    const replies = await Promise.all(Array.from({ length: 50 }, () => client.ask(sports, { team: "Reds" })));
    expect(replies).toHaveLength(50);
  });

  test("never acknowledges a request that it still works on, although a thousand others are done", async ({
    open,
    vhost,
  }) => {
    const stuck = await connect(vhost.url, { name: "stuck" });
    const handler = ({ team }: { team: string }) =>
      team === "Reds" ? new Promise<never>(() => {}) : { by: "stuck", says: "" };
    const serving = await stuck.answer(sports, handler, { refuse });
    const client = await open();
    const slow = client.ask(sports, { team: "Reds" }, { deadline: 30_000 });
    await Promise.all(Array.from({ length: 1_000 }, () => client.ask(sports, { team: "Guardians" })));
    await until("the slow one alone is held", async () => {
      const queue = await vhost.manage("GET", `/queues/${vhost.name}/sports`);
      return (queue as { messages_unacknowledged?: number }).messages_unacknowledged === 1;
    });
    await serving.drain(0);
    await stuck.drain();
    const answered: string[] = [];
    const other = await open();
    await other.answer(sports, ({ team }) => (answered.push(team), { by: "other", says: "" }), { refuse });
    expect((await slow).by).toBe("other");
    expect(answered).toEqual(["Reds"]);
  });

  test("declares its queue again when an operator has deleted it", async ({ open, operator, serve }) => {
    await serve();
    await operator.channel.deleteQueue("sports");
    const client = await open();
    await until("the queue is back", async () => (await client.counts(sports))?.servers === 1);
    expect(await client.ask(sports, { team: "Reds" })).toMatchObject({ by: "daemon" });
  });

  test("keeps its connection when an operator deletes the queue while requests end in every turn", async ({
    open,
    operator,
  }) => {
    const broker = await open();
    const finish: (() => void)[] = [];
    const handler = async ({ team }: { team: string }) => {
      await new Promise<void>((resolve) => finish.push(resolve));
      return { by: "daemon", says: team };
    };
    const all = { concurrency: 5_000, prefetch: 5_000 };
    const server = await broker.answer(sports, handler, { refuse, ...all });
    const request = JSON.stringify({ team: "Reds" });
    for (let sent = 0; sent < 5_000; sent += 1)
      operator.publish("sports.ohio", request, { replyTo: "nobody" });
    await until("all are in work", () => finish.length === 5_000);
    const deleted = operator.channel.deleteQueue("sports");
    let last = 0;
    // The server listens again within milliseconds, so every turn looks.
    let gone = false;
    const next = () => {
      const now = performance.now();
      if (now - last > 0.03) {
        last = now;
        finish.pop()?.();
      }
      gone = !server.listening;
      if (!gone) setImmediate(next);
    };
    next();
    await deleted;
    await until("it is gone", () => gone);
    for (const end of finish) end();
    await until("it is back", () => server.listening);
    expect(broker.reconnections).toBe(0);
  });

  test("comes back when an operator closes its connection", async ({ vhost, open, serve }) => {
    await serve();
    await until("the operator sees it", async () => (await vhost.closeConnections("server")) > 0);
    const client = await open();
    await until("it listens again", async () => (await client.counts(sports))?.servers === 1);
    expect(await client.ask(sports, { team: "Reds" })).toMatchObject({ by: "daemon" });
  });
});
