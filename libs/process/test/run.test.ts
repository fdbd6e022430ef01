import { connect } from "node:net";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { AppProcess } from "@weather/testing";
import { test as base, until } from "@weather/testing/vitest";
import getPort from "get-port";
import { describe, expect } from "vitest";

const test = base.extend<{ daemon: (environment?: Record<string, string>) => AppProcess }>({
  daemon: async ({ vhost, afterwards }, use) => {
    await use((environment) => {
      const app = AppProcess.run("libs/process/test/daemon.ts", {
        environment: { AMQP_URL: vhost.url, ...environment },
      });
      afterwards(() => app.stop("SIGKILL"));
      return app;
    });
  },
});

describe("a process", () => {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    test(`that gets ${signal} finishes and exits 0`, async ({ daemon }) => {
      const app = daemon();
      await app.says("daemon answers");
      expect(await app.stop(signal)).toBe(0);
      expect(app.output.at(-1)).toContain("daemon finished");
    });
  }

  test("that gets a second signal ends at once", async ({ daemon }) => {
    const app = daemon({ LINGER: "20000" });
    await app.says("daemon answers");
    app.signal("SIGTERM");
    await app.says("stopping");
    expect(await app.stop("SIGINT")).toBe(130);
  });

  test("whose work does not finish ends when STOP_TIMEOUT is over, and says so", async ({ daemon }) => {
    const app = daemon({ LINGER: "60000", STOP_TIMEOUT: "1s" });
    await app.says("daemon answers");
    const began = performance.now();
    expect(await app.stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(app.output.at(-1)).toContain("daemon did not finish within 1 s");
  });

  test("ends although somebody is connected to its health port and asks nothing", async ({ daemon }) => {
    const port = await getPort();
    const app = daemon({ HEALTH_PORT: String(port) });
    await app.says("daemon answers");
    const idle = connect(port, "127.0.0.1");
    await once(idle, "connect");
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect(await app.stop()).toBe(0);
  });

  test("waits for its broker, and may be stopped while it waits", async ({ daemon }) => {
    const app = daemon({ AMQP_URL: "amqp://127.0.0.1:1" });
    await app.says("no connection yet, trying again");
    expect(await app.stop()).toBe(0);
    expect(app.output.at(-1)).toContain("asked to stop by SIGTERM before there was anything to finish");
  });

  test("whose start hangs may be stopped", async ({ daemon }) => {
    const app = daemon({ HESITATE: "60000" });
    await app.says("connected to the broker");
    expect(await Promise.race([app.stop(), pause(10_000, "it runs on")])).toBe(0);
    expect(app.output.at(-2)).toContain("stopping before the start was done");
  });

  test("is not ready from the moment that it is asked to stop", async ({ daemon }) => {
    const port = await getPort();
    const app = daemon({ HEALTH_PORT: String(port), LINGER: "5000" });
    await app.says("daemon answers");
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
    await until("it is ready", async () => (await ready()) === 200);
    app.signal("SIGTERM");
    await app.says("stopping");
    expect(await ready()).toBe(503);
  });

  test("logs JSON with the time in ISO 8601 if it has no terminal", async ({ daemon }) => {
    const line = await daemon().says("daemon answers");
    expect(JSON.parse(line)).toMatchObject({
      level: 30,
      app: "daemon",
      msg: "daemon answers",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
  });

  for (const [why, environment, code, says] of [
    [
      "a setting is wrong",
      { LINGER: "long" },
      78,
      "LINGER: expected a whole number from 0 to 60000, got long",
    ],
    ["its broker URL is none", { AMQP_URL: "host" }, 78, "AMQP_URL: a broker URL has the form"],
    ["its password file is not there", { AMQP_PASSWORD_FILE: "/none" }, 78, "AMQP_PASSWORD_FILE: ENOENT"],
    ["its start fails", { FAIL: "out of luck" }, 70, "out of luck"],
  ] as const) {
    test(`says so and exits ${code} when ${why}`, async ({ daemon }) => {
      const app = daemon(environment);
      expect(await app.ended()).toBe(code);
      expect(app.output.at(-1)).toContain(says);
    });
  }
});
