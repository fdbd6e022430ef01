import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import * as z from "zod";
import { FaultProxy } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import {
  connect,
  ValidationError,
  AnswerTimeoutError,
  BrokerUnreachableError,
  NoServersError,
  type Settled,
} from "../src/index.ts";
import { ohio, refuse, sports, test } from "./sports.ts";

describe("ask and answer", () => {
  test("a typed request gets a typed reply", async ({ open }) => {
    const server = await open();
    await server.answer(sports, ({ team }) => ({ by: "daemon", says: `${team} won` }), { refuse });
    const client = await open();
    expect(await client.ask(sports, { team: "Browns" })).toEqual({ by: "daemon", says: "Browns won" });
  });

  test("two servers of one queue share the work", async ({ open }) => {
    const by = async (name: string) => {
      const server = await open();
      await server.answer(sports, async () => (await pause(5), { by: name, says: "" }), { refuse });
    };
    await by("one");
    await by("two");
    const client = await open();
    const replies = await Promise.all(Array.from({ length: 20 }, () => client.ask(sports, { team: "Reds" })));
    const answered = (name: string) => replies.filter((reply) => reply.by === name).length;
    expect(answered("one") + answered("two")).toBe(20);
    expect(answered("one")).toBeGreaterThan(3);
    expect(answered("two")).toBeGreaterThan(3);
  });

  test("a message for sports.ohio reaches the sports daemon and Ohio's server alike", async ({ open }) => {
    const heard: string[] = [];
    const server = await open();
    await server.answer(sports, () => (heard.push("sports"), { by: "sports", says: "" }), { refuse });
    await server.answer(ohio, () => (heard.push("ohio"), { by: "ohio", says: "" }), { refuse });
    const client = await open();
    await client.ask(sports, { team: "Bengals" });
    await until("both heard it", () => heard.length === 2);
    expect(heard.sort()).toEqual(["ohio", "sports"]);
  });

  test("a state with no queue fails at once", async ({ open }) => {
    const client = await open();
    const began = performance.now();
    await expect(client.ask(sports, { team: "Reds" })).rejects.toThrow(
      new NoServersError("nobody serves sports.ohio: no queue is bound to amq.topic for it"),
    );
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test("a queue without servers fails as soon as that is known, with its counts", async ({ open }) => {
    const server = await open();
    const serving = await server.answer(sports, () => ({ by: "daemon", says: "" }), { refuse });
    await serving.drain();
    const client = await open();
    await expect(client.ask(sports, { team: "Reds" })).rejects.toBeInstanceOf(NoServersError);
    // It was not sent, so no server handles it later.
    expect(await client.counts(sports)).toEqual({ waiting: 0, servers: 0 });
    const latecomer = await open();
    const failure = await latecomer.ask(sports, { team: "Reds" }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "NoServersError", counts: { servers: 0 } });
    expect(String(failure)).toMatch(/the queue is there \(0 waiting\), but no server listens to it/);
  });

  test("a timeout says how long it waited, where the request is, how many requests wait and how many servers listen", async ({
    open,
  }) => {
    const server = await open();
    const slow = async () => (await pause(1_500), { by: "daemon", says: "" });
    await server.answer(sports, slow, { refuse, concurrency: 1, prefetch: 1 });
    const client = await open();
    const asked = Array.from({ length: 3 }, () => client.ask(sports, { team: "Reds" }, { deadline: 300 }));
    const [failure] = await Promise.all(asked.map((one) => one.catch((error: unknown) => error)));
    expect(failure).toBeInstanceOf(AnswerTimeoutError);
    expect(String(failure)).toMatch(
      /sports\.ohio did not answer within 0\.3 s: .*; 1 server listens to sports, \d requests? waits? in it/,
    );
  });

  test("a timeout says that there may be no queue, if only a queue without servers took the request", async ({
    open,
  }) => {
    const server = await open();
    const serving = await server.answer(ohio, () => ({ by: "ohio", says: "" }), { refuse });
    await serving.drain();
    const client = await open();
    await expect(client.ask(sports, { team: "Reds" }, { deadline: 300 })).rejects.toThrow(
      "sports.ohio did not answer within 0.3 s: there is no queue sports, or the broker did not say how it stands",
    );
  });

  test("a timeout knows that a server had the request when a later one was answered", async ({ open }) => {
    const server = await open();
    const handler = async ({ team }: { team: string }) => (
      await pause(team === "slow" ? 1_000 : 0),
      { by: "daemon", says: "" }
    );
    await server.answer(sports, handler, { refuse });
    const client = await open();
    const slow = client.ask(sports, { team: "slow" }, { deadline: 300 }).catch((error: unknown) => error);
    await pause(5);
    await client.ask(sports, { team: "quick" });
    expect(String(await slow)).toContain(
      "a server had taken it (later ones were answered); 1 server listens",
    );
  });

  test("an invalid request is not sent", async ({ open }) => {
    const client = await open();
    // @ts-expect-error a wrong field does not compile
    const failure = await client.ask(sports, { teem: "Reds" }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ValidationError);
    expect(failure).toMatchObject({ what: "request" });
  });

  test("a value that is no request or no conversation is an error at once, which names it", async ({
    open,
  }) => {
    const client = await open();
    const anything = { ...sports, request: z.unknown() };
    await expect(client.ask(anything, undefined)).rejects.toThrow(
      "the request does not fit: expected a value of JSON, got undefined",
    );
    await expect(client.ask(anything, () => {})).rejects.toThrow("expected a value of JSON, got function");
    await expect(client.ask(anything, 1n)).rejects.toThrow("BigInt");
    // @ts-expect-error no conversation
    await expect(client.ask(undefined, {})).rejects.toThrow(
      "expected a conversation (an object with exchange",
    );
    // @ts-expect-error no request
    await expect(client.ask(sports)).rejects.toBeInstanceOf(ValidationError);
    // @ts-expect-error no routing key
    await expect(client.ask({ ...sports, routingKey: undefined }, {})).rejects.toThrow(TypeError);
    // @ts-expect-error no conversation
    await expect(client.gather(null, {}).next()).rejects.toThrow("got null");
  });

  test("an option out of its range is an error of connect", async ({ vhost }) => {
    const options = { maxInFlight: 0, maxMemory: -1, serverAbsence: NaN, patience: NaN, heartbeat: -1 };
    for (const [name, value] of Object.entries(options)) {
      await expect(connect(vhost.url, { name: "test", [name]: value })).rejects.toThrow(
        new RegExp(`^${name} must be a .*number from [01].*, got ${value}$`),
      );
    }
  });

  test("an option of a server, a limit or a time out of its range is an error of the call", async ({
    open,
  }) => {
    const broker = await open();
    const options = {
      concurrency: 0,
      prefetch: 70_000,
      requestTimeout: NaN,
      holdTimeout: 0,
      idleTimeout: -1,
      maxBody: NaN,
      maxReply: 0,
    };
    for (const [name, value] of Object.entries(options)) {
      const answering = broker.answer(sports, () => ({ by: "", says: "" }), { refuse, [name]: value });
      await expect(answering).rejects.toThrow(
        new RegExp(`^${name} must be a .*number from 1.*, got ${value}$`),
      );
    }
    await expect(broker.deadLetters(sports, NaN)).rejects.toThrow(
      "limit must be a whole number from 1, got NaN",
    );
    expect(() => broker.drain(NaN)).toThrow("timeout must be a number from 0 to 2147483647, got NaN");
    // @ts-expect-error no conversation
    await expect(broker.answer(undefined, () => ({}), { refuse })).rejects.toThrow("expected a conversation");
  });

  test("more requests than there is memory for are refused at once, and the others answered", async ({
    open,
    vhost,
    afterwards,
  }) => {
    const server = await open();
    await server.answer(sports, ({ team }) => ({ by: "daemon", says: team.slice(0, 3) }), { refuse });
    const client = await connect(vhost.url, { name: "test", maxMemory: 1_000_000 });
    afterwards(() => client.drain());
    const asked = Array.from({ length: 100 }, () => client.ask(sports, { team: "Red".repeat(10_000) }));
    const ends = await Promise.allSettled(asked);
    const errors = ends.flatMap((end) => (end.status === "rejected" ? [(end.reason as Error).name] : []));
    expect(new Set(errors)).toEqual(new Set(["TooManyRequestsError"]));
    expect(ends.length - errors.length).toBe(32);
    expect((await client.ask(sports, { team: "Reds" })).says).toBe("Red");
  });

  test("a name that AMQP cannot carry is an error at once", async ({ open }) => {
    const client = await open();
    const unsayable = { ...sports, routingKey: `sports.${"x".repeat(256)}` };
    await expect(client.ask(unsayable, { team: "Reds" })).rejects.toBeInstanceOf(RangeError);
  });

  test("an invalid deadline is an error at once, and harms no other request", async ({ open }) => {
    const server = await open();
    await server.answer(sports, async () => (await pause(100), { by: "daemon", says: "" }), { refuse });
    const client = await open();
    const other = client.ask(sports, { team: "Reds" });
    for (const deadline of [Infinity, NaN, 1e13, -1]) {
      await expect(client.ask(sports, { team: "Reds" }, { deadline })).rejects.toBeInstanceOf(RangeError);
      await expect(client.gather(sports, { team: "Reds" }, { deadline }).next()).rejects.toBeInstanceOf(
        RangeError,
      );
    }
    expect((await other).by).toBe("daemon");
  });

  test("a reply that arrives is not returned to its server", async ({ open, vhost, afterwards }) => {
    const told: string[] = [];
    const log = { ...console, debug: (_: object, message: string) => told.push(message), info: () => {} };
    const server = await connect(vhost.url, { name: "server", log });
    afterwards(() => server.drain());
    await server.answer(sports, ({ team }) => ({ by: "daemon", says: team }), { refuse });
    const client = await open();
    for (const team of ["Reds", "Browns"]) await client.ask(sports, { team });
    expect(told).toEqual([]);
  });

  test("a request that is asked while the first ones are sent is also sent", async ({ open }) => {
    const server = await open();
    await server.answer(sports, ({ team }) => ({ by: "daemon", says: team }), { refuse });
    const client = await open();
    const refused = client.ask({ ...sports, routingKey: "x".repeat(256) }, { team: "Reds" });
    const next = refused.catch(() => client.ask(sports, { team: "Browns" }, { deadline: 2_000 }));
    expect(await next).toEqual({ by: "daemon", says: "Browns" });
  });

  test("an invalid reply is a ValidationError, not a timeout", async ({ open }) => {
    const server = await open();
    const loose = { ...sports, reply: sports.reply.partial() };
    await server.answer(loose, () => ({ by: "daemon" }), { refuse });
    const client = await open();
    const failure = await client.ask(sports, { team: "Reds" }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "ValidationError", what: "reply" });
  });

  test("an aborted request rejects with the signal's reason", async ({ open }) => {
    const server = await open();
    await server.answer(sports, async () => (await pause(500), { by: "", says: "" }), { refuse });
    const client = await open();
    const abort = new AbortController();
    const asked = client.ask(sports, { team: "Reds" }, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error("never mind")), 50);
    await expect(asked).rejects.toThrow("never mind");
  });

  test("requests that are aborted before their turn are not handled", async ({ open }) => {
    const server = await open();
    const begun: string[] = [];
    const outcomes: string[] = [];
    const handler = async ({ team }: { team: string }) => (
      begun.push(team),
      await pause(300),
      { by: "", says: "" }
    );
    const onSettled = ({ outcome }: Settled) => void outcomes.push(outcome);
    await server.answer(sports, handler, { refuse, concurrency: 1, onSettled });
    const client = await open();
    const first = client.ask(sports, { team: "first" });
    await until("the first is begun", () => begun.length === 1);
    const abort = new AbortController();
    const rest = Array.from({ length: 100 }, () =>
      client.ask(sports, { team: "later" }, { signal: abort.signal }),
    );
    await pause(50);
    abort.abort(new Error("never mind"));
    await Promise.allSettled(rest);
    await first;
    await until("all are settled", () => outcomes.length === 101);
    expect(begun).toEqual(["first"]);
    expect(outcomes.filter((outcome) => outcome === "cancelled")).toHaveLength(100);
  });

  test("more requests than may be in flight wait for their turn, and all are answered", async ({
    open,
    vhost,
    afterwards,
  }) => {
    const server = await open();
    let together = 0;
    let most = 0;
    const count = async () => {
      most = Math.max(most, (together += 1));
      await pause(2);
      together -= 1;
      return { by: "daemon", says: "" };
    };
    await server.answer(sports, count, { refuse, concurrency: 64 });
    const client = await connect(vhost.url, { name: "test", maxInFlight: 10 });
    afterwards(() => client.drain());
    const replies = await Promise.all(
      Array.from({ length: 500 }, () => client.ask(sports, { team: "Reds" })),
    );
    expect(replies).toHaveLength(500);
    expect(most).toBeLessThanOrEqual(10);
  });

  test("a request whose caller gave up while there was no broker is never sent", async ({
    open,
    vhost,
    afterwards,
  }) => {
    const begun: string[] = [];
    const server = await open();
    await server.answer(sports, ({ team }) => (begun.push(team), { by: "daemon", says: "" }), { refuse });
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    const client = await connect(line.through(vhost.url), { name: "client" });
    afterwards(() => client.drain());
    await client.ask(sports, { team: "Reds" });
    await line.refuse();
    const late = client.ask(sports, { team: "Browns" }, { deadline: 200 });
    await expect(late).rejects.toBeInstanceOf(BrokerUnreachableError);
    await line.accept();
    await client.ask(sports, { team: "Bengals" });
    expect(begun).toEqual(["Reds", "Bengals"]);
  });

  test("draining waits for open requests", async ({ open }) => {
    const server = await open();
    await server.answer(sports, async () => (await pause(200), { by: "daemon", says: "" }), { refuse });
    const client = await open();
    const asked = client.ask(sports, { team: "Reds" });
    await client.drain();
    expect((await asked).by).toBe("daemon");
    await expect(client.ask(sports, { team: "Reds" })).rejects.toThrow("drained");
  });
});
