import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { Reply } from "@weather/contracts";
import { connect } from "@weather/queue-binding";
import { AppProcess, PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { oldEnough, test as base, virginia } from "./farm.ts";

let east: PrivateBroker;
let west: PrivateBroker;
beforeAll(async () => {
  const server = serverForTests();
  const options = { server, management: true };
  [east, west] = await Promise.all([PrivateBroker.start(options), PrivateBroker.start(options)]);
});
afterAll(() => Promise.all([east?.stop(), west?.stop()]));

/** A file of routes, which `write` replaces. */
const test = base.extend<{
  routes: { file: string; write: (states: Record<string, Pick<PrivateBroker, "url">>) => void };
}>({
  routes: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "weather-routes-"));
    const file = join(folder, "routes.json");
    await use({
      file,
      write: (clusters) => {
        const states = Object.fromEntries(Object.entries(clusters).map(([state, { url }]) => [state, [url]]));
        writeFileSync(`${file}.new`, JSON.stringify({ states }));
        renameSync(`${file}.new`, file);
      },
    });
    rmSync(folder, { recursive: true });
  },
});

/** The server that answers, or else the status. */
async function answering(url: string, state: string): Promise<string | number> {
  const response = await fetch(`${url}/v1/forecasts/${state}?days=1&members=10`);
  return response.ok ? ((await response.json()) as { server: string }).server : response.status;
}

describe("a gateway of two clusters", () => {
  test("answers the states of one as before while the other is down", async ({ serve, gateway, routes }) => {
    routes.write({ ohio: east, virginia: west });
    await serve("ohio", { AMQP_URL: east.url });
    await serve("virginia", { AMQP_URL: west.url });
    const { url, process } = await gateway({ AMQP_ROUTES: routes.file, CACHE_ENTRIES: "0" });
    expect(await answering(url, "ohio")).toMatch(/^ohio-server@/);
    expect(await answering(url, "virginia")).toMatch(/^virginia-server@/);
    const list = await fetch(`${url}/v1/forecasts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ state: "ohio" }, { state: "virginia" }]),
    });
    const lines = (await list.text()).trimEnd().split("\n");
    expect(
      lines.map((line) => (JSON.parse(line) as { reply: { state: string } }).reply.state).sort(),
    ).toEqual(["ohio", "virginia"]);

    await pause(oldEnough);
    await west.kill();
    await process.says("lost the broker");
    await pause(1_000);
    const began = performance.now();
    const refused = await fetch(`${url}/v1/forecasts/virginia`);
    const took = performance.now() - began;
    expect(took).toBeLessThan(1_000);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ title: "No broker" });
    expect(await answering(url, "ohio")).toMatch(/^ohio-server@/);
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([200, "ok\nno broker for virginia\n"]);
    expect(await (await fetch(`${url}/v1/states`)).json()).toMatchObject({
      states: [
        { state: "ohio", reachable: true, servers: 1, waiting: 0 },
        { state: "virginia", reachable: false, servers: null, waiting: null },
      ],
    });

    expect(await (await fetch(`${url}/metrics`)).text()).toContain("weather_states_unreachable 1");

    await west.start();
    await until("virginia again", async () => typeof (await answering(url, "virginia")) === "string", 30_000);
    expect(await (await fetch(`${url}/readyz`)).text()).toBe("ok\n");
  });

  test("starts although one of them is down, and connects to it once it is up", async ({
    serve,
    gateway,
    routes,
  }) => {
    routes.write({ ohio: east, virginia: west });
    await serve("ohio", { AMQP_URL: east.url });
    await west.halt();
    const { url } = await gateway({ AMQP_ROUTES: routes.file });
    expect(await answering(url, "virginia")).toBe(503);
    expect(await answering(url, "ohio")).toMatch(/^ohio-server@/);
    await west.start();
    await serve("virginia", { AMQP_URL: west.url });
    await until("virginia", async () => typeof (await answering(url, "virginia")) === "string", 30_000);
  });

  test("starts with brokers that are down, and follows a change of the routes", async ({
    serve,
    routes,
    afterwards,
  }) => {
    routes.write({ ohio: { url: `amqp://127.0.0.1:${await getPort()}` }, virginia: west });
    await west.halt();
    await serve("ohio", { AMQP_URL: east.url });
    const process = AppProcess.start("gateway", {
      environment: { AMQP_ROUTES: routes.file, GATEWAY_PORT: "0", CACHE_ENTRIES: "0" },
    });
    afterwards(() => process.stop("SIGKILL"));
    await process.says("no connection yet, trying again");
    routes.write({ ohio: east, virginia: west });
    await process.says("gateway answers");
    const [, url = ""] = /"url":"([^"]+)"/.exec(process.output.join("\n")) ?? [];
    expect(await answering(url, "ohio")).toMatch(/^ohio-server@/);
    await west.start();
  });

  test("moves a state when its file changes, and at SIGHUP", async ({ serve, gateway, routes }) => {
    routes.write({ ohio: east, virginia: west });
    const before = await serve("ohio", { AMQP_URL: east.url });
    const after = await serve("ohio", { AMQP_URL: west.url });
    const { url, process } = await gateway({ AMQP_ROUTES: routes.file, CACHE_ENTRIES: "0" });
    const answers = async (server: AppProcess) =>
      until("it", async () => String(await answering(url, "ohio")).endsWith(`:${server.pid}`));
    await answers(before);
    routes.write({ ohio: west, virginia: west });
    await process.says("routes changed");
    await answers(after);
    await until("the connection to the first one is closed", async () => {
      return !(await east.ctl("list_connections", "client_properties")).includes("gateway@");
    });

    writeFileSync(routes.file, "{");
    await process.says("the routes stay as they were");
    await answers(after);

    routes.write({ ohio: east, virginia: west });
    process.signal("SIGHUP");
    await answers(before);
    expect(process.output.join("\n")).not.toContain("guest:guest");
    expect(await process.stop("SIGTERM")).toBe(0);
  });
});

/** A farm in this process that refuses after a pause. @returns a function that returns the number of begun requests */
async function slowFarm(
  cluster: PrivateBroker,
  milliseconds: number,
  afterwards: (close: () => unknown) => void,
) {
  const farm = await connect(cluster.url, { name: "slow farm" });
  afterwards(() => farm.drain(0));
  const begun = { count: 0 };
  const refusal: Reply = {
    ...{ outcome: "refused", state: "virginia", server: "slow" },
    ...{ reason: "unknown-station", message: "slow", details: [] },
  };
  const slow = async () => {
    begun.count += 1;
    await pause(milliseconds);
    return refusal;
  };
  await farm.answer(virginia, slow, { refuse: () => undefined as never });
  return begun;
}

describe("a request in flight", () => {
  test("is answered where it was asked when its state moves", async ({ gateway, routes, afterwards }) => {
    routes.write({ ohio: west, virginia: east });
    const begun = await slowFarm(east, 4_000, afterwards);
    const { url, process } = await gateway({ AMQP_ROUTES: routes.file });
    const asked = fetch(`${url}/v1/forecasts/virginia`);
    await until("it is begun", () => begun.count === 1);
    routes.write({ ohio: west, virginia: west });
    await process.says("routes changed");
    expect((await asked).status).toBe(404);
  });

  test("gets 503 when its cluster goes down, long before its deadline", async ({
    gateway,
    routes,
    afterwards,
  }) => {
    routes.write({ ohio: east, virginia: west });
    const begun = await slowFarm(west, 60_000, afterwards);
    const { url, process } = await gateway({ AMQP_ROUTES: routes.file, REQUEST_DEADLINE: "1m" });
    const asked = fetch(`${url}/v1/forecasts/virginia`);
    await until("it is begun", () => begun.count === 1);
    await pause(oldEnough);
    const killed = west.kill();
    await process.says("lost the broker");
    const began = performance.now();
    expect((await asked).status).toBe(503);
    expect(performance.now() - began).toBeLessThan(5_000);
    await killed;
    await west.start();
  });
});

test("wrong routes end a gateway with 78 and a command with 64, and no password is printed", async ({
  routes,
}) => {
  writeFileSync(routes.file, '{"states": {"ohoi": ["amqp://me:secret@localhost"]}}');
  for (const [app, words, code] of [
    ["gateway", [], 78],
    ["client", ["states"], 64],
  ] as const) {
    const process = AppProcess.start(app, {
      arguments: [...words],
      environment: { AMQP_ROUTES: routes.file, GATEWAY_PORT: "0" },
    });
    expect([app, await process.ended()]).toEqual([app, code]);
    const said = [...process.output, ...process.errors].join("\n");
    expect(said).toContain(`AMQP_ROUTES: ${routes.file}: states.ohoi: no state is called so`);
    expect(said).not.toContain("secret");
  }
});

/** A request without a reply-to, which becomes a dead letter. */
async function unanswerable({ managementUrl }: PrivateBroker, state: string): Promise<void> {
  const response = await fetch(`${managementUrl}/api/exchanges/%2F/amq.topic/publish`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("guest:guest").toString("base64")}` },
    body: JSON.stringify({
      ...{ routing_key: `weather.${state}`, payload: "{}", payload_encoding: "string", properties: {} },
    }),
  });
  expect(response.ok).toBe(true);
}

describe("weather with two clusters", () => {
  test("shows and asks one while the other is down", async ({ serve, routes, afterwards }) => {
    routes.write({ ohio: east, virginia: west });
    await serve("ohio", { AMQP_URL: east.url });
    await serve("virginia", { AMQP_URL: west.url });
    const weather = async (...words: string[]) => {
      const command = AppProcess.start("client", {
        arguments: words,
        environment: { AMQP_ROUTES: routes.file },
      });
      afterwards(() => command.stop("SIGKILL"));
      const code = await command.ended();
      return { code, output: command.output.join("\n"), errors: command.errors.join("\n") };
    };
    const states = await weather("states");
    expect(states.code).toBe(0);
    expect(states.output).toMatch(/^ohio +weather\.ohio +0 +1 .*\nvirginia +weather\.virginia +0 +1 /m);
    const asked = await weather("forecast", "ohio", "virginia", "--count", "3");
    expect([asked.code, asked.output.split("\n").at(-1)]).toEqual([0, "6 of 6 answered: ohio 3, virginia 3"]);
    expect((await weather("stations", "ohio", "virginia")).output).toMatch(/KCMH[^]*KRIC/);

    await unanswerable(east, "ohio");
    await unanswerable(west, "virginia");
    type Letter = { id: string; queue: string };
    let letters: Letter[] = [];
    await until("both dead letters are listed", async () => {
      const { output } = await weather("dead-letters", "list", "--json");
      if (output.startsWith("{")) letters = output.split("\n").map((line) => JSON.parse(line) as Letter);
      return letters.length === 2;
    });
    expect(letters.map(({ queue }) => queue)).toEqual(["weather.ohio", "weather.virginia"]);
    expect((await weather("dead-letters", "drop", letters[1]?.id ?? "")).code).toBe(0);

    await west.halt();
    const then = await weather("states");
    expect(then.code).toBe(0);
    expect(then.output).toMatch(/^ohio +weather\.ohio +0 +1 /m);
    expect(then.output).toMatch(/^virginia +weather\.virginia \(not reachable\) +– +–/m);
    const servers = await weather("servers");
    expect([servers.code, servers.output]).toEqual([
      69,
      expect.stringMatching(/^ohio +\S+:\d+ [^]*^The broker of virginia is not reachable\.$/m),
    ]);
    const one = await weather("forecast", "ohio", "virginia", "--count", "3");
    expect([one.code, one.output.split("\n").at(-1)]).toEqual([69, "3 of 6 answered: ohio 3, virginia 0"]);
    expect(one.errors).toMatch(
      /^weather: no broker answers at amqp:\/\/guest@127\.0\.0\.1:\d+ .*\(3 times\)/,
    );
    const rest = await weather("dead-letters", "list");
    expect(rest.code).toBe(69);
    expect(rest.output).toContain("weather.ohio");
    expect(rest.errors).toContain("no broker answers at");
  });
});
