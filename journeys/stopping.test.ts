import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import { AppProcess, PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { deadLetters, ohio, test } from "./farm.ts";

// A request that takes long enough to be interrupted. No reply comes from the cache.
const heavy = { days: 10, members: 2000 };
const atWork = { FORECAST_CACHE: "0" };

describe("a server", () => {
  test("that is asked to stop in the middle of its requests finishes those it holds and exits 0", async ({
    serve,
    client,
  }) => {
    const server = await serve("ohio", { ...atWork, LOG_LEVEL: "debug" });
    const broker = await client();
    const asked = Array.from({ length: 10 }, () => broker.ask(ohio, heavy));
    await server.says('"outcome":"answered"');
    expect(await server.stop("SIGTERM")).toBe(0);
    const replies = await Promise.all(asked);
    expect(replies.map(({ outcome }) => outcome)).toEqual(Array(10).fill("forecast"));
    expect(server.output.at(-1)).toContain("ohio-server finished");
    expect(await broker.counts(ohio)).toEqual({ waiting: 0, servers: 0 });
  });

  test("that stops leaves its requests to the other one: no request fails", async ({ serve, client }) => {
    const [first] = await Promise.all([serve("ohio"), serve("ohio")]);
    const broker = await client();
    const asked = Array.from({ length: 400 }, () => broker.ask(ohio, {}));
    await pause(20);
    expect(await first.stop("SIGINT")).toBe(0);
    const replies = await Promise.all(asked);
    expect(new Set(replies.map(({ outcome }) => outcome))).toEqual(new Set(["forecast"]));
  });

  test("that is killed leaves its requests to the other one", async ({ serve, client }) => {
    const [first] = await Promise.all([serve("ohio", atWork), serve("ohio", atWork)]);
    const broker = await client();
    const asked = Array.from({ length: 60 }, () => broker.ask(ohio, heavy));
    await pause(50);
    await first.stop("SIGKILL");
    const replies = await Promise.all(asked);
    expect(new Set(replies.map(({ outcome }) => outcome))).toEqual(new Set(["forecast"]));
    expect(await broker.counts(deadLetters)).toMatchObject({ waiting: 0 });
  });

  test("that is asked twice ends at once", async ({ serve, client }) => {
    const server = await serve("ohio", { ...atWork, CONCURRENCY: "1", PREFETCH: "1000" });
    const broker = await client();
    const asked = Array.from({ length: 2_000 }, () => broker.ask(ohio, heavy, { deadline: 3_000 }));
    void Promise.allSettled(asked);
    await pause(300);
    server.signal("SIGTERM");
    await server.says("stopping");
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(143);
    await Promise.allSettled(asked);
  });

  test("may be started before its broker's address answers, and be stopped while it waits", async () => {
    const server = AppProcess.start("ohio-server", { environment: { AMQP_URL: "amqp://127.0.0.1:1" } });
    await server.says("no connection yet, trying again");
    expect(await server.stop()).toBe(0);
    expect(server.output.at(-1)).toContain("asked to stop by SIGTERM before there was anything to finish");
  });

  test("with a wrong password says so and ends, without trying again", async ({ vhost }) => {
    const url = vhost.url.replace("guest:guest", "guest:secret");
    const server = AppProcess.start("ohio-server", { environment: { AMQP_URL: url } });
    expect(await server.ended()).toBe(77);
    expect(server.output.at(-1)).toContain("refused the user name or password");
    expect(server.output.join("\n")).not.toContain("secret");
  });

  test("with bad settings names them and ends", async () => {
    const server = AppProcess.start("ohio-server", {
      environment: { CONCURRENCY: "none", AMQP_URL: "host" },
    });
    expect(await server.ended()).toBe(78);
    expect(server.output.at(-1)).toContain("CONCURRENCY: expected a whole number from 1 to 1024, got none");
  });
});

describe("the weather command", () => {
  test("ends although its broker is frozen", async ({ afterwards }) => {
    const node = await PrivateBroker.start({ server: serverForTests() });
    afterwards(() => node.stop());
    const environment = { AMQP_URL: node.url };
    const server = AppProcess.start("ohio-server", { environment });
    afterwards(() => server.stop("SIGKILL"));
    await server.says("ohio-server answers");
    server.signal("SIGSTOP");
    const words = ["forecast", "ohio", "--deadline", "8s"];
    const command = AppProcess.start("client", { arguments: words, environment });
    afterwards(() => command.stop("SIGKILL"));
    await until("it is connected", async () =>
      (await node.ctl("list_connections", "client_properties")).includes("weather@"),
    );
    node.pause();
    expect(await Promise.race([command.ended(), pause(25_000, "it runs on")])).toBe(75);
  });
});
