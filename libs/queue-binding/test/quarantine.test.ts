import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import { AppProcess, type Vhost } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { connect, type Broker, type Log } from "../src/index.ts";
import { ForeignClient } from "./foreign-client.ts";
import { refuse, sports, test as base } from "./sports.ts";

/** `serve` starts a sports daemon in a process of its own: the team "deadly" ends it. */
const test = base.extend<{
  foreign: ForeignClient;
  servers: AppProcess[];
  start: (environment?: Record<string, string>) => AppProcess;
  serve: (environment?: Record<string, string>) => Promise<AppProcess>;
}>({
  foreign: async ({ vhost, afterwards }, use) => {
    const client = await ForeignClient.connect(vhost.url);
    afterwards(() => client.close());
    await use(client);
  },
  servers: async ({}, use) => use([]),
  start: async ({ vhost, servers, afterwards }, use) => {
    await use((environment) => {
      const program = "libs/queue-binding/test/mortal-server.ts";
      const server = AppProcess.run(program, { environment: { AMQP_URL: vhost.url, ...environment } });
      servers.push(server);
      afterwards(() => server.stop("SIGKILL"));
      return server;
    });
  },
  serve: async ({ start }, use) => {
    await use(async (environment) => {
      const server = start(environment);
      await server.says("answers");
      return server;
    });
  },
});

const ask = (foreign: ForeignClient, team: string, properties: object = {}) =>
  foreign.publish("sports.ohio", JSON.stringify({ team }), {
    replyTo: foreign.queue,
    correlationId: team,
    ...properties,
  });

const teams = (count: number) => Array.from({ length: count }, (_, number) => `team ${number}`);

const isAnswered = (foreign: ForeignClient) => (team: string) =>
  (foreign.replies(team)[0] as { says?: string } | undefined)?.says === `go ${team}`;

const begun = (servers: AppProcess[], team: string) =>
  servers.flatMap(({ output }) => output).filter((line) => line === `begins ${team}`).length;

/** A server that is started again whenever it ends. */
async function keepServing(start: () => AppProcess, over: () => boolean): Promise<void> {
  for (let server = start(); !over(); await pause(20)) if (!server.running) server = start();
}

describe("a request that ends every process that begins it", () => {
  for (const [type, settings] of [
    ["quorum", undefined],
    ["classic", { "x-queue-type": "classic" }],
  ] as const) {
    test(`ends three on a ${type} queue, and its sender is told; those held beside it are answered`, async ({
      foreign,
      servers,
      start,
      serve,
    }) => {
      if (settings) await foreign.channel.assertQueue("sports", { durable: true, arguments: settings });
      await (await serve()).stop();
      const innocents = teams(40);
      for (const team of innocents.slice(0, 20)) ask(foreign, team);
      ask(foreign, "deadly");
      for (const team of innocents.slice(20)) ask(foreign, team);
      const told = () => foreign.replies("deadly").length > 0;
      await keepServing(
        () => start({ SLOW: "20" }),
        () => told() && innocents.every(isAnswered(foreign)),
      );
      expect(foreign.replies("deadly")).toEqual([
        { by: "refusal", says: expect.stringContaining("3 servers ended") as string },
      ]);
      expect(begun(servers, "deadly")).toBe(3);
      const letter = await foreign.get(sports.deadLetter);
      expect(letter?.properties.headers).toMatchObject({ "x-failure-reason": "failed", "x-attempts": 3 });
      expect(await foreign.get(sports.deadLetter)).toBeUndefined();
    });
  }

  test("harms no other, even if there are three of them", async ({ foreign, start, serve }) => {
    await (await serve()).stop();
    const innocents = teams(30);
    innocents.forEach((team, number) => {
      ask(foreign, team);
      if (number % 10 === 5) ask(foreign, `deadly ${number}`);
    });
    await keepServing(
      () => start({ SLOW: "20" }),
      () => innocents.every(isAnswered(foreign)),
    );
  });
});

describe("requests that were merely held", () => {
  test("are answered, whatever number of servers stop gracefully before they are done", async ({
    foreign,
    serve,
  }) => {
    const settings = { SLOW: "300", CONCURRENCY: "2", DRAIN: "50" };
    await (await serve(settings)).stop();
    for (const team of teams(40)) ask(foreign, team);
    for (let stops = 0; stops < 6; stops += 1) {
      const server = await serve(settings);
      await pause(200);
      expect(await server.stop()).toBe(0);
    }
    await serve({ SLOW: "20" });
    await until("all are answered", () => teams(40).every(isAnswered(foreign)), 20_000);
    expect(await foreign.get(sports.deadLetter)).toBeUndefined();
  });

  test("are answered, whatever number of connections are closed", async ({ vhost, foreign }) => {
    const broker = await connect(vhost.url, { name: "server" });
    let slow = 2_000;
    const handler = async ({ team }: { team: string }) => {
      await pause(slow);
      return { by: "daemon", says: `go ${team}` };
    };
    await broker.answer(sports, handler, { refuse });
    for (const team of teams(30)) ask(foreign, team);
    for (let closed = 0; closed < 4; closed += 1) {
      await pause(500);
      await until("the operator sees it", async () => (await vhost.closeConnections("server")) > 0);
      await until("it is back", () => broker.connected && broker.reconnections > closed);
    }
    slow = 20;
    await until("all are answered", () => teams(30).every(isAnswered(foreign)), 20_000);
    expect(await foreign.get(sports.deadLetter)).toBeUndefined();
    await broker.drain();
  });
});

test("forged counts harm only the request with them", async ({ open, foreign }) => {
  const broker = await open();
  await broker.answer(sports, ({ team }) => ({ by: "daemon", says: `go ${team}` }), { refuse });
  const forged = {
    "x-lost": 3,
    "x-tried": 3,
    "x-delivery-count": 9,
    "x-acquired-count": 9,
    "x-expires-at": 1,
  };
  ask(foreign, "forger", { headers: forged });
  ask(foreign, "honest", { headers: { "x-delivery-count": 9, "x-acquired-count": 9 } });
  expect(await foreign.reply("honest")).toEqual({ by: "daemon", says: "go honest" });
});

/** A server whose user has rights only to the queue itself. */
async function bareServer(vhost: Vhost, warnings: string[]): Promise<Broker> {
  await vhost.manage("PUT", `/users/bare-${vhost.name}`, { password: "bare", tags: "" });
  const own = "^sports(\\.dead-letter)?$";
  await vhost.manage("PUT", `/permissions/${vhost.name}/bare-${vhost.name}`, {
    configure: own,
    write: "^(sports(\\.dead-letter)?|amq\\.default)$",
    read: "^(sports(\\.dead-letter)?|amq\\.topic)$",
  });
  const say = (details: object, message: string) => warnings.push(`${message} ${JSON.stringify(details)}`);
  const log: Log = { debug: () => {}, info: () => {}, warn: say, error: say };
  return connect(vhost.url.replace("guest:guest", `bare-${vhost.name}:bare`), { name: "bare", log });
}

test("a server without retry and quarantine queues logs each once, and its requests are still tried three times", async ({
  vhost,
  foreign,
  afterwards,
}) => {
  const warnings: string[] = [];
  const broker = await bareServer(vhost, warnings);
  afterwards(() => broker.drain());
  let tries = 0;
  const handler = ({ team }: { team: string }) => {
    if (team === "bad") throw new Error(`try ${(tries += 1)}`);
    return { by: "daemon", says: `go ${team}` };
  };
  await broker.answer(sports, handler, { refuse });
  for (const team of ["bad", "good"]) ask(foreign, team);
  expect(await foreign.reply("good")).toEqual({ by: "daemon", says: "go good" });
  expect(await foreign.reply("bad")).toEqual({ by: "refusal", says: "given up after 3 tries: try 3" });
  const told = (queue: string) => warnings.filter((line) => line.includes(`"${queue}"`));
  for (const queue of ["sports.quarantine", "sports.retry.500ms", "sports.retry.2s"])
    expect(told(queue)).toHaveLength(1);
  expect(told("sports.quarantine")[0]).toContain("configure, write and read");
});
