import getPort from "get-port";
import { describe, expect } from "vitest";
import { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { ohio, test as base } from "./farm.ts";

const test = base.extend<{ port: number; get: (path: string) => Promise<{ status: number; text: string }> }>({
  port: async ({}, use) => use(await getPort()),
  get: async ({ port }, use) => {
    await use(async (path) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, text: await response.text() };
    });
  },
});

describe("a server, seen from outside,", () => {
  test("is live and ready, and counts its requests for Prometheus", async ({ port, get, serve, client }) => {
    await serve("ohio", { HEALTH_PORT: String(port) });
    const broker = await client();
    await broker.ask(ohio, {});
    await broker.ask(ohio, { station: "KRIC" });
    expect(await get("/livez")).toEqual({ status: 200, text: "ok\n" });
    expect(await get("/readyz")).toEqual({ status: 200, text: "ok\n" });
    const { text } = await get("/metrics");
    for (const line of [
      'weather_requests_total{outcome="forecast",state="ohio"} 1',
      'weather_requests_total{outcome="refused",state="ohio"} 1',
      'weather_request_duration_seconds_count{state="ohio"} 2',
      'weather_requests_in_flight{state="ohio"} 0',
      'weather_local_queue_length{state="ohio"} 0',
      'weather_broker_connected{state="ohio"} 1',
      'weather_broker_reconnections_total{state="ohio"} 0',
      'weather_redeliveries_total{state="ohio"} 0',
      'weather_dead_letters_total{state="ohio"} 0',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
    expect(text).toMatch(/\nnodejs_eventloop_lag_seconds\{state="ohio"\} [\d.e-]+\n/);
    expect((await get("/")).status).toBe(404);
  });

  test("counts a reconnection, and is ready again after it", async ({ port, get, serve, vhost }) => {
    await serve("ohio", { HEALTH_PORT: String(port) });
    await until("the broker knows it", async () => (await vhost.closeConnections("ohio-server")) === 1);
    await until("it is back", async () =>
      (await get("/metrics")).text.includes('weather_broker_reconnections_total{state="ohio"} 1'),
    );
    await until("it is ready", async () => (await get("/readyz")).status === 200);
  });

  test("is live but not ready while there is no broker", async ({ port, get, afterwards }) => {
    const environment = { AMQP_URL: "amqp://127.0.0.1:1", HEALTH_PORT: String(port) };
    const server = AppProcess.start("ohio-server", { environment });
    afterwards(() => server.stop("SIGKILL"));
    await server.says("no connection yet, trying again");
    expect([(await get("/livez")).status, (await get("/readyz")).status]).toEqual([200, 503]);
  });

  test("is not live when its event loops have stopped", async ({ port, get, serve }) => {
    const server = await serve("ohio", { HEALTH_PORT: String(port), IDLE_TIMEOUT: "200ms" });
    expect((await get("/livez")).status).toBe(200);
    server.signal("SIGSTOP");
    const blocked = fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(1_000) });
    await expect(blocked).rejects.toThrow("timeout");
    server.signal("SIGCONT");
    await until("it lives again", async () => (await get("/livez")).status === 200);
  });

  test("is not ready while it drains", async ({ port, get, serve, client }) => {
    const server = await serve("ohio", { HEALTH_PORT: String(port), FORECAST_CACHE: "0", CONCURRENCY: "1" });
    const broker = await client();
    const heavy = { days: 10, members: 2000 };
    const asked = Array.from({ length: 200 }, () => broker.ask(ohio, heavy, { deadline: 3_000 }));
    await asked[0];
    server.signal("SIGTERM");
    await until("it is not ready", async () => (await get("/readyz")).status === 503);
    expect(await server.ended()).toBe(0);
    await Promise.allSettled(asked);
  });

  test("that is given a port in use says so and ends", async ({ port, serve, vhost }) => {
    await serve("ohio", { HEALTH_PORT: String(port) });
    const environment = { AMQP_URL: vhost.url, HEALTH_PORT: String(port) };
    const second = AppProcess.start("ohio-server", { environment });
    expect(await second.ended()).toBe(78);
    expect(second.output.at(-1)).toMatch(/HEALTH_PORT: listen EADDRINUSE.*Name another/);
  });
});
