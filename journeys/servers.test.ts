import { setTimeout as pause } from "node:timers/promises";
import amqplib from "amqplib";
import { describe, expect } from "vitest";
import { statusReply, type FarmReport } from "@weather/contracts";
import { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { ohio, test as base, virginia } from "./farm.ts";

const test = base.extend<{ report: (words: string[], reporting: number) => Promise<FarmReport> }>({
  /** Asks with `weather servers --json` until so many servers of the first state have reported. */
  report: async ({ weather }, use) => {
    await use(async (words, reporting) => {
      let farm: FarmReport | undefined;
      await until(`${reporting} report`, async () => {
        const { output } = await weather("servers", ...words, "--json");
        farm = JSON.parse(output[0] ?? "{}") as FarmReport;
        return farm.each?.length === reporting;
      });
      return farm as FarmReport;
    });
  },
});

describe("weather servers", () => {
  test("shows each server, and what it has answered", async ({ serve, weather, client, report }) => {
    const [one, two] = [await serve("ohio"), await serve("ohio")];
    const broker = await client();
    await Promise.all(Array.from({ length: 30 }, (_, seed) => broker.ask(ohio, { seed, members: 10 })));
    const { each, ...farm } = await report(["ohio"], 2);
    expect(farm).toEqual({ state: "ohio", servers: 2, silent: 0, waiting: 0 });
    expect(each.map(({ pid }) => pid).sort()).toEqual([one.pid, two.pid].sort());
    for (const server of each) {
      expect(statusReply.parse(server)).toEqual(server);
      expect(server).toMatchObject({
        state: "ohio",
        app: "ohio-server",
        model: "auto",
        inFlight: 0,
        waiting: 0,
      });
    }
    expect(each.reduce((sum, { answered }) => sum + (answered["forecast"] ?? 0), 0)).toBe(30);
    expect(each.reduce((sum, { lastMinute }) => sum + lastMinute.answered, 0)).toBe(30);

    const { code, output, errors } = await weather("servers", "OH");
    expect([code, errors]).toEqual([0, []]);
    expect(output[0]).toMatch(/^State +Server +Up +In flight/);
    expect(output.slice(1, 3).join("\n")).toMatch(new RegExp(`^ohio .*:${one.pid}\\b|:${one.pid}\\b`, "m"));
    expect((await weather("servers")).code).toBe(0);
  });

  test("names states without servers, and counts servers that do not report", async ({ weather, client }) => {
    const none = await weather("servers");
    expect(none.code).toBe(69);
    expect(none.output).toContain("Nobody serves ohio.");
    const older = await client();
    const refuse = ({ message }: { message: string }) => ({
      ...({ outcome: "refused", state: "virginia", server: "older", reason: "failed", message } as const),
      details: [],
    });
    await older.answer(virginia, () => refuse({ message: "old" }), { refuse });
    const silent = await weather("servers", "virginia", "--deadline", "200ms");
    expect(silent.code).toBe(75);
    expect(silent.output[0]).toMatch(/^virginia: 1 of 1 server did not report/);
    expect((await weather("servers", "ohio", "virginia")).code).toBe(69);
    expect((await weather("servers", "ohoi")).code).toBe(64);
  });

  test("says that a caller's clock is wrong, and shows no wrong wait", async ({
    serve,
    vhost,
    weather,
    report,
    afterwards,
  }) => {
    await serve("ohio");
    await report(["ohio"], 1);
    const connection = await amqplib.connect(vhost.url);
    afterwards(() => connection.close());
    const channel = await connection.createChannel();
    const { queue: replyTo } = await channel.assertQueue("", { exclusive: true });
    const hour = 3_600_000;
    for (let sent = 0; sent < 20; sent += 1) {
      const headers = { "gives-up-at": (Date.now() + 30_000 - hour) % 2 ** 31 };
      channel.publish("amq.topic", "weather.ohio", Buffer.from("{}"), {
        replyTo,
        expiration: "30000",
        headers,
      });
      await pause(20);
    }
    await until("all are answered", async () => (await channel.checkQueue(replyTo)).messageCount === 20);
    const { each } = await report(["ohio"], 1);
    expect(each[0]?.lastMinute.answered).toBe(20);
    expect(each[0]?.lastMinute.wait?.p99).toBeLessThan(20_000);
    expect(each[0]?.clocks).toMatch(/differ by up to (3599|3600|3601) s/);
    const { output } = await weather("servers", "ohio");
    expect(output.join("\n")).toContain("ohio: clocks of callers and servers differ");
  });

  test("repeats with --watch", async ({ serve, vhost, afterwards }) => {
    await serve("ohio");
    const words = ["servers", "ohio", "--watch", "--every", "100ms"];
    const command = AppProcess.start("client", { arguments: words, environment: { AMQP_URL: vhost.url } });
    afterwards(() => command.stop("SIGKILL"));
    await until("three looks", () => command.output.length >= 3);
    expect(JSON.parse(command.output[1] ?? "")).toMatchObject({
      at: expect.any(String) as string,
      servers: 1,
    });
    expect(await command.stop("SIGINT")).toBe("SIGINT");
  });
});

describe("GET /v1/states/:state/servers", () => {
  test("gives the same as JSON and as text", async ({ serve, gateway, report }) => {
    const server = await serve("ohio");
    await report(["ohio"], 1);
    const { url } = await gateway();
    const json = await fetch(`${url}/v1/states/OH/servers`);
    expect(json.headers.get("cache-control")).toBe("no-store");
    expect(await json.json()).toMatchObject({
      state: "ohio",
      servers: 1,
      silent: 0,
      each: [{ pid: server.pid }],
    });
    const text = await fetch(`${url}/v1/states/ohio/servers`, { headers: { accept: "text/plain" } });
    expect(await text.text()).toMatch(new RegExp(`^State +Server[^]*:${server.pid} `));
    expect(await (await fetch(`${url}/v1/states/virginia/servers`)).json()).toMatchObject({
      servers: 0,
      each: [],
    });
    expect((await fetch(`${url}/v1/states/texas/servers`)).status).toBe(404);
    expect((await fetch(`${url}/v1/states/ohio/servers`, { method: "POST" })).status).toBe(405);
  });
});
