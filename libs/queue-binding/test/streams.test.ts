import { describe, expect } from "vitest";
import * as z from "zod";
import { FaultProxy } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { AccessRefusedError, connect, ValidationError, type Broker, type Stream } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { test } from "./sports.ts";

const scores = {
  exchange: "amq.topic",
  queue: "sports.scores",
  bindingKey: "scored.#",
  maxAge: "7D",
  maxBytes: 10_000_000,
  message: z.strictObject({ goals: z.int() }),
} satisfies Stream;

/** Follows the scores of the last hour, and collects them. */
function follow(broker: Broker, since = 3_600_000) {
  const goals: number[] = [];
  const malformed: string[] = [];
  const reader = broker.follow(scores, {
    since,
    take: (message) => goals.push(message.goals),
    malformed: (error, { routingKey }) => malformed.push(`${routingKey}: ${error.message}`),
  });
  return { goals, malformed, reader };
}

describe("a stream", () => {
  test("is read completely by a reader that starts after a thousand messages, and then followed", async ({
    open,
  }) => {
    const publisher = await open();
    const all = Array.from({ length: 1_000 }, (_, goals) => goals);
    await Promise.all(all.map((goals) => publisher.publish(scores, "scored.reds", { goals })));
    const late = follow(await open());
    expect(await late.reader.caughtUp(10_000)).toBe(true);
    expect(late.goals.toSorted((a, b) => a - b)).toEqual(all);
    await publisher.publish(scores, "scored.reds", { goals: 1_000 });
    await until("the next one is heard", () => late.goals.at(-1) === 1_000);
  });

  test("is read completely by every reader", async ({ open }) => {
    const readers = [follow(await open()), follow(await open())];
    await Promise.all(readers.map(({ reader }) => reader.caughtUp(10_000)));
    await (await open()).publish(scores, "scored.reds", { goals: 3 });
    for (const { goals } of readers) await until("it is heard", () => goals.length === 1);
  });

  test("is bounded by age and size, in parts small enough for it to matter", async ({ open, vhost }) => {
    await (await open()).publish(scores, "scored.reds", { goals: 1 });
    expect(await vhost.manage("GET", `/queues/${vhost.name}/sports.scores`)).toMatchObject({
      type: "stream",
      arguments: {
        "x-max-age": "7D",
        "x-max-length-bytes": 10_000_000,
        "x-stream-max-segment-size-bytes": 1_000_000,
      },
    });
  });

  test("refuses messages that were published under another key and copied into it", async ({
    open,
    vhost,
    afterwards,
  }) => {
    const broker = await open();
    const { goals, malformed, reader } = follow(broker);
    await reader.caughtUp(10_000);
    const foreign = await ForeignClient.connect(vhost.url);
    afterwards(() => foreign.close());
    for (const copy of ["CC", "BCC"])
      foreign.publish("sports.ohio", '{"goals":99}', { headers: { [copy]: ["scored.reds"] } });
    await until("both are refused", () => malformed.length === 2);
    await broker.publish(scores, "scored.reds", { goals: 1 });
    await until("the next one is heard", () => goals.length > 0);
    expect(goals).toEqual([1]);
    expect(malformed[0]).toMatch(/^sports\.ohio: .*copied here by CC or BCC/);
  });

  test("continues after a lost connection: nothing is missing", async ({ open, vhost }) => {
    const { goals, reader } = follow(await open("reader"));
    const publisher = await open("publisher");
    await publisher.publish(scores, "scored.reds", { goals: 1 });
    await until("it is heard", () => goals.includes(1));
    await until("the broker knows them", async () => (await vhost.closeConnections("")) === 2);
    await publisher.publish(scores, "scored.reds", { goals: 2 });
    await until("what came after the loss is heard", () => goals.includes(2));
    expect(reader.reading).toBe(true);
  });

  test("gets a dozen messages that one signal can cancel, without a warning of Node.js", async ({
    open,
    vhost,
    afterwards,
  }) => {
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    const broker = await connect(line.through(vhost.url), { name: "test" });
    afterwards(() => broker.drain());
    await broker.publish(scores, "scored.reds", { goals: 0 });
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on("warning", warned);
    const { signal } = new AbortController();
    const goals = Array.from({ length: 12 }, (_, at) => at + 1);
    const published = goals.map((goal) => broker.publish(scores, "scored.reds", { goals: goal }, signal));
    line.cut();
    await Promise.all(published);
    process.off("warning", warned);
    expect(warnings).toEqual([]);
    const { goals: heard, reader } = follow(await open());
    await reader.caughtUp(10_000);
    expect([...new Set(heard)].toSorted((a, b) => a - b)).toEqual([0, ...goals]);
  });

  test("that was deleted is declared again, and read from its beginning", async ({ open, vhost }) => {
    const { goals } = follow(await open());
    const publisher = await open();
    for (const one of [1, 2, 3]) await publisher.publish(scores, "scored.reds", { goals: one });
    await until("they are heard", () => goals.length === 3);
    await vhost.manage("DELETE", `/queues/${vhost.name}/sports.scores`);
    await publisher.publish(scores, "scored.reds", { goals: 4 });
    await until("the one after is heard", () => goals.includes(4));
  });

  test("reports invalid messages, and reads on", async ({ open, vhost, afterwards }) => {
    const { goals, malformed, reader } = follow(await open());
    await reader.caughtUp(10_000);
    const foreign = await ForeignClient.connect(vhost.url);
    afterwards(() => foreign.close());
    for (const body of ["", "{", "[]", '{"goals":"many"}', `"${"x".repeat(70_000)}"`])
      foreign.publish("scored.reds", body);
    // Directly to the queue, as a user who may send replies could.
    foreign.channel.sendToQueue("sports.scores", Buffer.from('{"goals":6}'));
    foreign.publish("scored.reds", '{"goals":7}');
    await until("the good one is heard", () => goals.length === 1);
    expect(goals).toEqual([7]);
    expect(malformed).toHaveLength(6);
    expect(malformed[5]).toBe('sports.scores: the message does not fit: it came by the exchange ""');
    expect(malformed[3]).toMatch(/^scored\.reds: .*goals/);
  });

  test("refuses an invalid message: nothing is sent", async ({ open }) => {
    const broker = await open();
    await expect(broker.publish(scores, "scored.reds", { goals: 0.5 })).rejects.toBeInstanceOf(
      ValidationError,
    );
  });

  test("that this user may not read is waited for, and says so once; publishing is refused at once", async ({
    open,
    vhost,
  }) => {
    const broker = await open();
    await broker.publish(scores, "scored.reds", { goals: 1 });
    const nothing = { configure: "^$", write: "^$", read: "^$" };
    await vhost.manage("PUT", `/permissions/${vhost.name}/guest`, nothing);
    const stranger = await open();
    await expect(stranger.publish(scores, "scored.reds", { goals: 2 })).rejects.toBeInstanceOf(
      AccessRefusedError,
    );
    const { goals, reader } = follow(stranger);
    expect(await reader.caughtUp(500)).toBe(false);
    await vhost.manage("PUT", `/permissions/${vhost.name}/guest`, {
      configure: ".*",
      write: ".*",
      read: ".*",
    });
    await until("it is read once it may be", () => goals.includes(1), 15_000);
  });
});
