import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import { PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { connect } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test } from "./sports.ts";

describe("draining", () => {
  test("finishes the requests that it holds before it closes, begun or not", async ({ open }) => {
    const server = await open();
    const serving = await server.answer(sports, async () => (await pause(100), { by: "daemon", says: "" }), {
      refuse,
      concurrency: 2,
    });
    const client = await open();
    const asked = Array.from({ length: 10 }, () => client.ask(sports, { team: "Reds" }));
    await until("it holds them", () => serving.inFlight + serving.waiting === 10);
    await serving.drain();
    expect(serving.listening).toBe(false);
    expect(await Promise.all(asked)).toHaveLength(10);
  });

  test("returns requests that take too long to the queue", async ({ open, vhost, afterwards }) => {
    const server = await open();
    const handler = async () => (await pause(3_000), { by: "slow", says: "" });
    const serving = await server.answer(sports, handler, { refuse });
    const client = await open();
    const asked = client.ask(sports, { team: "Reds" });
    await until("it is at work", () => serving.inFlight === 1);
    await serving.drain(100);
    const operator = await ForeignClient.connect(vhost.url);
    afterwards(() => operator.close());
    await until("it waits again", async () => (await client.counts(sports))?.waiting === 1);
    const other = await open();
    await other.answer(sports, () => ({ by: "other", says: "" }), { refuse });
    expect((await asked).by).toBe("other");
  });

  test("ends while the broker is gone, for servers and clients alike", async ({ afterwards }) => {
    const node = await PrivateBroker.start({ server: serverForTests() });
    afterwards(() => node.stop());
    const server = await connect(node.url, { name: "server" });
    await server.answer(sports, () => ({ by: "daemon", says: "" }), { refuse });
    const client = await connect(node.url, { name: "client" });
    await client.ask(sports, { team: "Reds" });
    await node.kill();
    await until("it is noticed", () => !client.connected && !server.connected);
    const asked = client.ask(sports, { team: "Reds" }, { deadline: 300 }).catch((error: unknown) => error);
    await Promise.all([server.drain(), client.drain()]);
    expect(await asked).toMatchObject({ name: "BrokerUnreachableError" });
  });

  test("answers new callers, also after the signal of its start has aborted", async ({ open, vhost }) => {
    const stop = new AbortController();
    const server = await connect(vhost.url, { name: "server", signal: stop.signal });
    const handler = async () => (await pause(200), { by: "daemon", says: "" });
    await server.answer(sports, handler, { refuse });
    const client = await open();
    const asked = client.ask(sports, { team: "Reds" });
    await pause(100);
    stop.abort(new Error("asked to stop"));
    await server.drain();
    expect(await asked).toEqual({ by: "daemon", says: "" });
  });

  test("takes no longer than its timeout, and leaves no promise unsettled", async ({ open }) => {
    const server = await open();
    const hang = () => new Promise<never>(() => {});
    await server.answer(sports, hang, { refuse });
    const client = await open();
    const asked = client.ask(sports, { team: "Reds" }, { deadline: 60_000 }).catch((error: unknown) => error);
    await pause(50);
    const began = performance.now();
    await Promise.all([server.drain(1_000), client.drain(1_000)]);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await asked).toMatchObject({ name: "ClosedError" });
  });

  test("twice has the effect of draining once", async ({ open }) => {
    const broker = await open();
    const serving = await broker.answer(sports, () => ({ by: "daemon", says: "" }), { refuse });
    expect(serving.drain()).toBe(serving.drain());
    expect(broker.drain()).toBe(broker.drain());
    await broker.drain();
    await expect(broker.ask(sports, { team: "Reds" })).rejects.toMatchObject({ name: "ClosedError" });
  });

  for (const [when, trouble] of [
    ["the broker is frozen", (node: PrivateBroker) => node.pause()],
    [
      "the broker takes no messages, because it is low on memory",
      (node: PrivateBroker) => node.ctl("set_vm_memory_high_watermark", "0.00001"),
    ],
  ] as const) {
    test(`takes no longer than it is told to while ${when}`, async ({ afterwards }) => {
      const node = await PrivateBroker.start({ server: serverForTests() });
      afterwards(() => node.stop());
      const server = await connect(node.url, { name: "server" });
      const handler = async () => (await pause(1_500), { by: "daemon", says: "" });
      await server.answer(sports, handler, { refuse });
      const client = await connect(node.url, { name: "client" });
      const asked = client
        .ask(sports, { team: "Reds" }, { deadline: 60_000 })
        .catch((error: unknown) => error);
      await pause(500);
      await trouble(node);
      const began = performance.now();
      await Promise.all([server.drain(3_000), client.drain(3_000)]);
      expect(performance.now() - began).toBeLessThan(4_000);
      expect(await asked).toBeDefined();
    });
  }

  test("of a client that never asked, or whose broker has just gone, ends too", async ({ open }) => {
    await (await open()).drain();
  });

  test("ends although a thousand requests are aborted by one signal", async ({ open }) => {
    const server = await open();
    await server.answer(sports, async () => (await pause(50), { by: "daemon", says: "" }), { refuse });
    const client = await open();
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on("warning", warned);
    const abort = new AbortController();
    const asked = Array.from({ length: 1_000 }, () =>
      client.ask(sports, { team: "Reds" }, { signal: abort.signal }),
    );
    await pause(20);
    abort.abort(new Error("never mind"));
    const ends = await Promise.allSettled(asked);
    expect(new Set(ends.map((end) => (end.status === "rejected" ? String(end.reason) : "answered")))).toEqual(
      new Set(["Error: never mind"]),
    );
    await client.drain();
    process.off("warning", warned);
    expect(warnings).toEqual([]);
  });
});
