import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import * as z from "zod";
import { until } from "@weather/testing/vitest";
import { connect, type Broker, type Conversation, type Log } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test } from "./sports.ts";

// Programs in plain JavaScript get these errors at the call that is wrong. A compiler would find most of them earlier.

const answer = () => ({ by: "daemon", says: "" });
/** A value of the wrong type. */
const wrong = (value: unknown) => value as never;

/** A log that collects its errors, with their messages. */
function errorLog() {
  const errors: string[] = [];
  const ignore = () => {};
  const error = (details: object, message: string) =>
    errors.push(`${message}: ${String((details as { error?: unknown }).error)}`);
  return { errors, log: { debug: ignore, info: ignore, warn: ignore, error } satisfies Log };
}

describe("connect refuses", () => {
  const name = "test";
  test.for<[what: string, urls: unknown, options: unknown, message: string]>([
    [
      "a URL that is no text",
      new URL("amqp://localhost"),
      { name },
      "the broker URL must be a text, got object",
    ],
    ["port 0", "amqp://localhost:0", { name }, "a broker URL has the form amqp://"],
    ["no options", "amqp://localhost", undefined, "the options of connect must be an object with a name"],
    ["no name", "amqp://localhost", {}, "name must be a text of 1 to 1000 bytes, got undefined"],
    ["a log without functions", "amqp://localhost", { name, log: {} }, "log.debug must be a function"],
    [
      "a password that is no text",
      "amqp://localhost",
      { name, password: 5 },
      "password must be a text, got number",
    ],
    ["a signal that is none", "amqp://localhost", { name, signal: {} }, "signal must be an AbortSignal"],
  ])("%s", async ([, urls, options, message]) => {
    const failure = await connect(wrong(urls), wrong(options)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TypeError);
    expect((failure as Error).message).toContain(message);
  });
});

describe("answer refuses", () => {
  test.for<[what: string, conversation: Partial<Record<keyof Conversation, unknown>>, message: string]>([
    ["a conversation without a queue", { queue: undefined }, "got object without queue"],
    ["a request that is no schema", { request: () => true }, "got object without request"],
    [
      "a queue with an empty name",
      { queue: "" },
      "queue must be a text of 1 to 208 bytes, got one of 0 bytes",
    ],
    ["a queue whose name is too long", { queue: "x".repeat(209) }, "queue must be a text of 1 to 208 bytes"],
    ["a conversation without a binding key", { bindingKey: undefined }, "bindingKey must be a text"],
    ["dead letters that would be requests again", { deadLetter: "sports" }, "must be another queue"],
    ["a version that is no number", { version: "1" }, "version must be a whole number from 1"],
    ["a mayReplyTo that is no function", { mayReplyTo: true }, "mayReplyTo must be a function, got boolean"],
  ])("%s", async ([, change, message], { open }) => {
    const broker = await open();
    await expect(broker.answer(wrong({ ...sports, ...change }), answer, { refuse })).rejects.toThrow(message);
    expect(() => broker.respond(wrong({ ...sports, ...change }), answer, { refuse })).toThrow(message);
  });

  test("a handler, a refuse or a listener that is no function, and more event loops than deliveries", async ({
    open,
  }) => {
    const broker = await open();
    const answering = (handler: unknown, options: unknown) =>
      broker.answer(sports, wrong(handler), wrong(options));
    await expect(answering(undefined, { refuse })).rejects.toThrow(
      "the handler must be a function, got undefined",
    );
    await expect(answering(answer, undefined)).rejects.toThrow("the option refuse must be a function");
    await expect(answering(answer, { refuse, onSettled: 5 })).rejects.toThrow("onSettled must be a function");
    await expect(answering(answer, { refuse, concurrency: Infinity })).rejects.toThrow(RangeError);
  });
});

describe("other calls refuse", () => {
  const stream = {
    exchange: "amq.topic",
    queue: "scores",
    bindingKey: "scored.#",
    maxAge: "1D",
    maxBytes: 1_000_000,
    message: z.strictObject({}),
  };
  const follow = { since: 0, take: () => {}, malformed: () => {} };
  test.for<[what: string, call: (broker: Broker) => unknown, message: string]>([
    ["questions that are no iterable", (broker) => broker.askEach(wrong(5)), "must be an iterable"],
    [
      "a survey of no conversation",
      (broker) => broker.survey(wrong({}), wrong({})),
      "expected a conversation",
    ],
    [
      "an onBody that is no function",
      (broker) => broker.ask(sports, { team: "Reds" }, { onBody: wrong(5) }),
      "onBody must be a function, got number",
    ],
    [
      "dead letters without a name",
      (broker) => broker.deadLetters(wrong({}), 1),
      "deadLetter must be a text",
    ],
    ["to remove a queue without a name", (broker) => broker.remove(wrong(undefined)), "queue must be a text"],
    [
      "no stream",
      (broker) => broker.publish(wrong({}), "", wrong({})),
      "the stream's exchange must be a text",
    ],
    [
      "a stream without a schema",
      (broker) => broker.follow({ ...stream, message: wrong(5) }, follow),
      "Schema",
    ],
    [
      "a reader without a start",
      (broker) => broker.follow(stream, wrong({})),
      "since must be a number from 0",
    ],
    [
      "a reader without functions",
      (broker) => broker.follow(stream, wrong({ since: 0 })),
      "take must be a function",
    ],
  ])("%s", async ([, call, message], { open }) => {
    const broker = await open();
    await expect(new Promise((resolve) => resolve(call(broker)))).rejects.toThrow(message);
  });

  test("a schema that answers later, also if it rejects", async ({ open }) => {
    const validate = () => Promise.reject(new Error("later"));
    const later = { ...sports, request: { "~standard": { version: 1, vendor: "test", validate } } as const };
    const asked = (await open()).ask(later, "x");
    await expect(asked).rejects.toThrow("the schema of the request must be synchronous");
  });

  test("everything after draining", async ({ open }) => {
    const broker = await open();
    await Promise.all([broker.drain(), broker.drain()]);
    expect(broker.connected).toBe(false);
    const closed = { name: "ClosedError" };
    expect(() => broker.respond(sports, answer, { refuse })).toThrow(expect.objectContaining(closed));
    expect(() => broker.follow(stream, follow)).toThrow(expect.objectContaining(closed));
    for (const call of [
      broker.ask(sports, { team: "Reds" }),
      broker.answer(sports, answer, { refuse }),
      broker.gather(sports, { team: "Reds" }).next(),
      broker.survey(sports, { team: "Reds" }),
      broker.publish(stream, "scored.reds", {}),
      broker.deadLetters(sports, 1),
      broker.remove("sports"),
      broker.removeStream(stream),
    ]) {
      await expect(call).rejects.toMatchObject(closed);
    }
  });
});

describe("a server goes on", () => {
  test("when its listeners throw or reject", async ({ vhost, afterwards, open }) => {
    const { errors, log } = errorLog();
    const server = await connect(vhost.url, { name: "server", log });
    afterwards(() => server.drain());
    const fail = (what: string) => () => {
      throw new Error(what);
    };
    await server.answer(sports, answer, {
      refuse,
      concurrency: 1,
      idleTimeout: 50,
      onEmpty: fail("empty"),
      onReturned: fail("returned"),
      onSettled: wrong(async () => Promise.reject(new Error("settled"))),
    });
    await until("onEmpty has thrown", () => errors.includes("onEmpty threw: Error: empty"));
    const foreign = await ForeignClient.connect(vhost.url);
    afterwards(() => foreign.close());
    foreign.publish("sports.ohio", '{"team":"Reds"}', { replyTo: "nobody" });
    await until("onReturned has thrown", () => errors.includes("onReturned threw: Error: returned"));
    expect(await (await open()).ask(sports, { team: "Reds" })).toEqual(answer());
    expect(errors).toContain("onSettled threw: Error: settled");
    expect(server.reconnections).toBe(0);
  });

  test("when mayReplyTo throws: its request becomes a dead letter, with the reason", async ({ open }) => {
    const server = await open();
    const mayReplyTo = () => {
      throw new Error("no idea");
    };
    const serving = await server.answer({ ...sports, mayReplyTo }, answer, { refuse });
    const client = await open();
    const asked = client.ask(sports, { team: "Reds" }, { deadline: 500 });
    await expect(asked).rejects.toMatchObject({ name: "AnswerTimeoutError" });
    expect(serving.inFlight).toBe(0);
    const [letter] = (await client.deadLetters(sports, 1)).all;
    expect(letter).toMatchObject({ reason: "reply-not-allowed", message: "mayReplyTo threw: no idea" });
  });

  test("when a request that it gave up while draining is finished later", async ({
    vhost,
    afterwards,
    open,
  }) => {
    const { errors, log } = errorLog();
    const server = await connect(vhost.url, { name: "server", log });
    afterwards(() => server.drain());
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const serving = await server.answer(sports, async () => (await finished, answer()), { refuse });
    const asked = (await open()).ask(sports, { team: "Reds" }, { deadline: 200 });
    await expect(asked).rejects.toMatchObject({ name: "AnswerTimeoutError" });
    await serving.drain(0);
    finish();
    await pause(1_500);
    expect(errors).toEqual([]);
  });
});

describe("a gathering", () => {
  test("on an exchange that does not exist fails as a request there does; the next one is sent", async ({
    open,
  }) => {
    const client = await open();
    const nowhere = { ...sports, exchange: "nowhere" };
    const missing = {
      name: "NoServersError",
      message: "nobody serves sports.ohio: there is no exchange nowhere",
    };
    await expect(client.gather(nowhere, { team: "Reds" }).next()).rejects.toMatchObject(missing);
    const unbound = client.gather(sports, { team: "Reds" }).next();
    await expect(unbound).rejects.toMatchObject({ name: "NoServersError" });
  });
});
