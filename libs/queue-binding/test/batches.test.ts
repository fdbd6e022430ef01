import amqplib, { type ConsumeMessage, type MessageProperties } from "amqplib";
import { describe, expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { NoServersError, type Broker, type Conversation } from "../src/index.ts";
import { reds, test as base } from "./daemon.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports } from "./sports.ts";

/** `requests`: all messages to `sports.…`, as they were sent. */
const test = base.extend<{ requests: ConsumeMessage[] }>({
  requests: async ({ vhost, afterwards }, use) => {
    const model = await amqplib.connect(vhost.url);
    afterwards(() => model.close());
    const channel = await model.createChannel();
    const requests: ConsumeMessage[] = [];
    const { queue } = await channel.assertQueue("", { exclusive: true });
    await channel.bindQueue(queue, "amq.topic", "sports.#");
    await channel.consume(queue, (message) => message && requests.push(message), { noAck: true });
    await use(requests);
  },
});

const sizeOf = ({ properties }: { properties: MessageProperties }) =>
  properties.headers?.["batch"] as unknown;

const teams = (count: number) => Array.from({ length: count }, (_, index) => ({ team: `team ${index}` }));

/** Sends each request, and checks that the reply belongs to it. @returns the errors, by team */
async function askAll(client: Broker, requests: { team: string }[], conversation: Conversation = sports) {
  const failed: Record<string, unknown> = {};
  for await (const { question, reply, error } of client.askEach(
    requests.map((request) => [conversation, request] as const),
    { concurrency: 100 },
  )) {
    const { team } = question[1];
    if (error) failed[team] = error;
    else expect((reply as { says: string }).says).toBe(`go ${team}`);
  }
  return failed;
}

describe("questions that wait in the same turn", () => {
  test("travel in one message, once the server has said that it understands batches", async ({
    daemon,
    open,
    requests,
  }) => {
    await daemon({ concurrency: 64 });
    const client = await open();
    expect(await askAll(client, teams(500))).toEqual({});
    const sizes = requests.map(sizeOf);
    expect(sizes.slice(0, 100)).toEqual(Array(100).fill(undefined));
    expect(sizes.some((size) => (size as number) > 10)).toBe(true);
    expect(requests.length).toBeLessThan(250);
  });

  test("are spread over the servers of their queue", async ({ daemon, open, settled, requests }) => {
    await daemon();
    await daemon();
    const client = await open();
    await askAll(client, teams(100));
    requests.length = 0;
    await askAll(client, teams(100));
    expect(requests.map(sizeOf).slice(0, 2)).toEqual([50, 50]);
    expect(settled).toHaveLength(200);
  });

  test("give each caller the body of its own reply, as the server wrote it", async ({
    foreign,
    open,
    requests,
  }) => {
    const client = await open();
    const { channel } = foreign;
    await channel.assertQueue("sports", { durable: true });
    await channel.bindQueue("sports", "amq.topic", "#.ohio");
    const written = (team: string) => `{"says" : "],[\\"1\\",${team}",\n "by":"[{"}`;
    const answer = (message: ConsumeMessage | null) => {
      if (!message) return;
      const { replyTo, correlationId } = message.properties as { replyTo: string; correlationId: string };
      const parts = JSON.parse(message.content.toString()) as [string, { team: string }][] | { team: string };
      const isBatch = Array.isArray(parts);
      const body = isBatch
        ? `[${parts.map(([id, { team }]) => `["${id}", ${written(team)}]`).join(", ")}]`
        : written(parts.team);
      const headers = { "batch-limit": 100, ...(isBatch && { batch: parts.length }) };
      channel.publish("", replyTo, Buffer.from(body), { correlationId, headers });
    };
    await channel.consume("sports", answer, { noAck: true });
    const bodies: Record<string, string> = {};
    const ask = ({ team }: { team: string }) =>
      client.ask(
        sports,
        { team },
        { together: true, onBody: (body) => (bodies[team] = body.toString().trim()) },
      );
    await ask({ team: "first" });
    await Promise.all(teams(3).map(ask));
    expect(requests.map(sizeOf)).toEqual([undefined, 3]);
    const names = ["first", ...teams(3).map(({ team }) => team)];
    expect(bodies).toEqual(Object.fromEntries(names.map((team) => [team, written(team)])));
  });

  test("travel separately when they are asked one by one without `together`, or to an exchange that delivers them elsewhere", async ({
    daemon,
    open,
    requests,
  }) => {
    await daemon();
    const client = await open();
    await askAll(client, teams(3));
    requests.length = 0;
    await Promise.all(teams(3).map((request) => client.ask(sports, request)));
    expect(requests.map(sizeOf)).toEqual([undefined, undefined, undefined]);
    requests.length = 0;
    await Promise.all(teams(3).map((request) => client.ask(sports, request, { together: true })));
    expect(requests.map(sizeOf)).toEqual([3]);
    const elsewhere = { ...sports, routingKey: "sports.virginia" };
    const both = [sports, elsewhere, sports, elsewhere].map(
      (one, team) => [one, { team: `${team}` }] as const,
    );
    requests.length = 0;
    for await (const { error } of client.askEach(both)) expect(error).toBeUndefined();
    expect(requests.map((request) => [request.fields.routingKey, sizeOf(request)])).toEqual([
      ["sports.ohio", 2],
      ["sports.virginia", 2],
    ]);
  });

  test("fail together when no server listens any more", async ({ daemon, open, foreign }) => {
    const server = await daemon();
    const client = await open();
    await askAll(client, teams(10));
    await server.drain();
    await foreign.channel.deleteQueue("sports");
    const failed = await askAll(client, teams(10));
    expect(Object.values(failed).map((error) => error instanceof NoServersError)).toEqual(
      Array(10).fill(true),
    );
  });

  test("go one by one to servers that turn out not to understand batches", async ({
    open,
    foreign,
    requests,
  }) => {
    // As in a farm of old and new servers: one has said that it understands batches, another one does not.
    await foreign.channel.assertQueue("sports", { durable: true });
    await foreign.channel.bindQueue("sports", "amq.topic", "sports.#");
    await foreign.channel.consume("sports", (message) => {
      const { content, properties } = message as ConsumeMessage;
      const { team } = JSON.parse(content.toString()) as { team?: string };
      const reply = team === undefined ? refuse({ message: "no team" }) : { by: "old", says: `go ${team}` };
      const { correlationId, replyTo } = properties as { correlationId: string; replyTo: string };
      foreign.channel.sendToQueue(replyTo, Buffer.from(JSON.stringify(reply)), {
        correlationId,
        headers: { "batch-limit": 100 },
      });
      foreign.channel.ack(message as ConsumeMessage);
    });
    const client = await open();
    expect(await askAll(client, teams(100))).toEqual({});
    requests.length = 0;
    expect(await askAll(client, teams(300))).toEqual({});
    // Only what was asked before the first refusal travelled in batches: in one, unless the machine is slow. Then each by itself.
    const batches = requests.map(sizeOf).filter((size) => size !== undefined) as number[];
    expect(batches.length).toBeGreaterThan(0);
    expect(batches.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(100);
    expect(requests).toHaveLength(300 + batches.length);
  });

  test("are asked again when the connection is lost", async ({ vhost, daemon, open }) => {
    await daemon({ concurrency: 100 });
    const client = await open("caller");
    await askAll(client, teams(100));
    await until("the operator sees it", async () => {
      const [connection] = (await vhost.manage("GET", "/connections")) as { client_properties?: object }[];
      return connection?.client_properties !== undefined;
    });
    const slow = teams(200).map((request) => ({ ...request, delay: 1_000 }));
    const answers = askAll(client, slow);
    await vhost.closeConnections("caller");
    expect(await answers).toEqual({});
  });
});

/** Sends a batch. */
const send = (foreign: ForeignClient, parts: [id: string, request: unknown][]) =>
  foreign.publish("sports.ohio", JSON.stringify(parts), {
    replyTo: foreign.queue,
    correlationId: "batch",
    headers: { batch: parts.length },
  });

/** The server's replies in batches so far, by id. */
const said = (foreign: ForeignClient) =>
  Object.fromEntries(foreign.replies("batch").flat() as [string, { says: string }][]);

describe("each question of a batch", () => {
  test("is answered, refused, or tried and dead-lettered by itself", async ({ daemon, foreign, settled }) => {
    await daemon();
    send(foreign, [
      ["good", { team: "Reds" }],
      ["misfit", { team: 7 }],
      ["bad", { team: "crash" }],
      ["last", { team: "Bengals", delay: 50 }],
    ]);
    expect(await foreign.reply("bad")).toEqual({
      by: "refusal",
      says: "given up after 3 tries: the cheerleader fell",
    });
    await until("the others are answered", () => Object.keys(said(foreign)).length === 3);
    expect(said(foreign)).toEqual({
      good: { by: "daemon", says: "go Reds" },
      misfit: { by: "refusal", says: expect.stringContaining("team") as string },
      last: { by: "daemon", says: "go Bengals" },
    });
    expect(
      settled.filter(({ id }) => id === "bad").map(({ attempt, outcome }) => [attempt, outcome]),
    ).toEqual([
      [1, "requeued"],
      [2, "requeued"],
      [3, "dead-lettered"],
    ]);
    expect(await foreign.get("sports.dead-letter")).toMatchObject({
      body: '{"team":"crash"}',
      properties: { correlationId: "bad", headers: { "x-attempts": 3, "x-failure-reason": "failed" } },
    });
    expect(await foreign.get("sports.dead-letter")).toBeUndefined();
    expect(await foreign.get("sports")).toBeUndefined();
  });

  test("is handled by itself after the loss of the server that held them", async ({
    vhost,
    daemon,
    foreign,
    settled,
  }) => {
    await daemon().then((server) => server.drain());
    send(foreign, [
      ["good", { team: "Reds" }],
      ["bad", { team: "crash" }],
    ]);
    const victim = await ForeignClient.connect(vhost.url);
    let taken = false;
    await victim.channel.consume("sports", () => (taken = true));
    await until("it was taken", () => taken);
    await victim.close();
    await daemon();
    expect(await foreign.reply("good")).toEqual({ by: "daemon", says: "go Reds" });
    expect(await foreign.reply("bad")).toMatchObject({ by: "refusal" });
    expect(settled.map(({ id, attempt }) => `${id} ${attempt}`).toSorted()).toEqual([
      // The lost server may have begun neither of them, so no try is counted.
      "bad 1",
      "bad 2",
      "bad 3",
      "good 1",
    ]);
    expect(await foreign.get("sports")).toBeUndefined();
  });

  test("can be cancelled", async ({ daemon, foreign, settled }) => {
    await daemon({ concurrency: 1 });
    send(foreign, [
      ["first", { team: "Reds", delay: 300 }],
      ["second", { team: "Bengals" }],
      ["third", { team: "Browns" }],
    ]);
    const notice = { replyTo: foreign.queue, headers: { cancelled: "sports" } };
    foreign.channel.publish("amq.headers", "", Buffer.from(""), { correlationId: "second", ...notice });
    await until("all are settled", () => settled.length === 3);
    expect(settled.map(({ id, outcome }) => `${id} ${outcome}`).toSorted()).toEqual([
      "first answered",
      "second cancelled",
      "third answered",
    ]);
    await until("the two are answered", () => Object.keys(said(foreign)).length === 2);
  });

  test("is dropped when it expires before its turn", async ({ daemon, foreign, settled }) => {
    await daemon({ concurrency: 1 });
    foreign.publish("sports.ohio", '[["slow",{"team":"Reds","delay":300}],["late",{"team":"Browns"}]]', {
      replyTo: foreign.queue,
      correlationId: "batch",
      expiration: "100",
      headers: { batch: 2 },
    });
    await until("both are settled", () => settled.length === 2);
    expect(settled.map(({ id, outcome }) => `${id} ${outcome}`).toSorted()).toEqual([
      "late expired",
      "slow answered",
    ]);
  });

  test("is answered separately when AMQP cannot carry the batch's id in a reply", async ({
    daemon,
    foreign,
  }) => {
    await daemon();
    const [exchange, routingKey, replyTo] = ["amq.topic", "sports.ohio", foreign.queue];
    const envelope = { exchange, routingKey, replyTo, correlationId: "#".repeat(255), headers: { batch: 1 } };
    foreign.publishRaw(envelope, `[["1",${reds}]]`);
    expect(await foreign.reply("1")).toEqual({ by: "daemon", says: "go Reds" });
  });

  test("does not harm its server when it is nested too deep to be written again", async ({
    daemon,
    foreign,
  }) => {
    await daemon();
    const batch = `[["deep",${"[".repeat(16_000)}${"]".repeat(16_000)}]]`;
    foreign.publish("sports.ohio", batch, { headers: { batch: 1 } }); // and has no reply-to
    let kept: unknown;
    await until("it is kept", async () => (kept = await foreign.get("sports.dead-letter")) !== undefined);
    expect(kept).toMatchObject({ body: batch });
  });

  test("keeps its routing key when it is tried again by itself, and as a dead letter", async ({
    open,
    foreign,
  }) => {
    const broker = await open();
    const keys: string[] = [];
    const handler = (_: unknown, { routingKey }: { routingKey: string }) => {
      keys.push(routingKey);
      throw new Error("the cheerleader fell");
    };
    await broker.answer(sports, handler, { refuse });
    send(foreign, [["1", { team: "Reds" }]]);
    await foreign.reply("1");
    expect(keys).toEqual(Array(3).fill("sports.ohio"));
    expect((await foreign.get("sports.dead-letter"))?.properties.headers).toMatchObject({
      "x-original-exchange": "amq.topic",
      "x-original-routing-key": "sports.ohio",
    });
  });

  test("goes back as it came, even if the handler has changed it", async ({ open, foreign }) => {
    const broker = await open();
    // Like compiled schemas and some libraries, returns a valid value itself, not a copy.
    const asItIs = { ...sports.request["~standard"], validate: (value: unknown) => ({ value }) };
    const seen: string[] = [];
    const handler = (request: { team: string }) => {
      seen.push(request.team);
      request.team = "nobody";
      throw new Error("the cheerleader fell");
    };
    const conversation = { ...sports, request: { "~standard": asItIs } as unknown as typeof sports.request };
    await broker.answer(conversation, handler, { refuse });
    send(foreign, [["1", { team: "Reds" }]]);
    await foreign.reply("1");
    expect(seen).toEqual(["Reds", "Reds", "Reds"]);
    expect((await foreign.get("sports.dead-letter"))?.body).toBe(reds);
  });

  test("is answered before a draining server ends, and none twice", async ({ daemon, foreign, settled }) => {
    const server = await daemon({ concurrency: 10 });
    const parts = teams(100).map(({ team }) => [team, { team, delay: 20 }] as [string, unknown]);
    send(foreign, [...parts.slice(0, 99), ["bad", { team: "crash" }]]);
    await until("it has begun", () => settled.length > 0);
    await server.drain();
    expect(Object.keys(said(foreign))).toHaveLength(99);
    expect(settled).toHaveLength(100);
    // The failed question has gone back by itself.
    let again: { body: string } | undefined;
    await until("it is back", async () => (again = await foreign.get("sports")) !== undefined);
    expect(again?.body).toBe('{"team":"crash"}');
    expect(await foreign.get("sports")).toBeUndefined();
  });
});

describe("a message that is not a batch, although its header says so,", () => {
  test.for([
    ["an empty one", "[]", 0],
    ["one of more than a hundred", JSON.stringify(Array(101).fill(["1", { team: "Reds" }])), 101],
    ["one whose id AMQP cannot carry", JSON.stringify([["x".repeat(256), { team: "Reds" }]]), 1],
    ["one without ids", '[{"team":"Reds"}]', 1],
    ["no JSON", "[[", 1],
  ] as const)("is refused as one request: %s", async ([, body, batch], { daemon, foreign }) => {
    await daemon();
    foreign.publish("sports.ohio", body, { replyTo: foreign.queue, correlationId: "1", headers: { batch } });
    expect(await foreign.reply("1")).toMatchObject({ by: "refusal" });
    expect(await foreign.get("sports")).toBeUndefined();
  });
});
