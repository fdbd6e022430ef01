import { once } from "node:events";
import { connect } from "node:net";
import getPort from "get-port";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Health } from "./health.ts";

const broker = { alive: true, connected: true, blocked: undefined as string | undefined, reconnections: 0 };

describe("a process", () => {
  let port: number;
  let health: Health;
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const lives = async () => (await get("/livez")).ok;
  const ready = async () => (await get("/readyz")).ok;

  beforeEach(async () => {
    port = await getPort();
    health = await Health.open({ HEALTH_PORT: port, HEALTH_HOST: undefined }, { state: "ohio" });
  });
  afterEach(() => health.close());

  it("is ready once it serves", async () => {
    health.watch(broker);
    expect([await lives(), await ready()]).toEqual([true, false]);
    health.serves({});
    expect([await lives(), await ready()]).toEqual([true, true]);
  });

  for (const [when, brokerThen] of [
    ["without a connection", { ...broker, connected: false }],
    ["while the broker takes no messages", { ...broker, blocked: "low on memory" }],
  ] as const) {
    it(`is not ready ${when}, but lives`, async () => {
      health.watch(brokerThen);
      health.serves({});
      expect([await lives(), await ready()]).toEqual([true, false]);
    });
  }

  it("is not live when its connection is lost and nothing tries to open it again", async () => {
    health.watch({ ...broker, alive: false });
    health.serves({});
    expect(await lives()).toBe(false);
  });

  it("is live and ready as its work says", async () => {
    health.serves({ live: () => false, ready: () => true });
    expect([await lives(), await ready()]).toEqual([false, true]);
    health.serves({ live: () => true, ready: () => false });
    expect([await lives(), await ready()]).toEqual([true, false]);
  });

  it("has metrics of its connection to the broker", async () => {
    health.watch({ ...broker, reconnections: 2 });
    const text = await (await get("/metrics")).text();
    expect(text).toContain('\nweather_broker_connected{state="ohio"} 1\n');
    expect(text).toContain('\nweather_broker_reconnections_total{state="ohio"} 2\n');
    expect(text).toMatch(/\nnodejs_eventloop_lag_seconds\{state="ohio"\} [\d.e-]+\n/);
  });

  it("closes idle connections when it closes", async () => {
    const idle = connect(port, "127.0.0.1");
    await once(idle, "connect");
    await ready(); // by now the connection has been accepted
    const closed = once(idle, "close");
    health.close();
    await closed;
  });
});

describe("the health endpoint", () => {
  it("listens on the address that HEALTH_HOST names, and on no other", async () => {
    const HEALTH_PORT = await getPort();
    const health = await Health.open({ HEALTH_PORT, HEALTH_HOST: "127.0.0.2" });
    expect((await fetch(`http://127.0.0.2:${HEALTH_PORT}/livez`)).status).toBe(200);
    await expect(fetch(`http://127.0.0.1:${HEALTH_PORT}/livez`)).rejects.toThrow("fetch failed");
    health.close();
  });

  it("names the setting that is wrong when it cannot listen", async () => {
    const HEALTH_PORT = await getPort();
    const health = await Health.open({ HEALTH_PORT, HEALTH_HOST: "127.0.0.1" });
    await expect(Health.open({ HEALTH_PORT, HEALTH_HOST: "127.0.0.1" })).rejects.toThrow(
      "HEALTH_PORT: listen EADDRINUSE",
    );
    await expect(Health.open({ HEALTH_PORT, HEALTH_HOST: "192.0.2.1" })).rejects.toThrow(
      "HEALTH_HOST: listen EADDRNOTAVAIL",
    );
    health.close();
  });
});
