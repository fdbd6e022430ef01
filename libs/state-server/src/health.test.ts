import { setTimeout as pause } from "node:timers/promises";
import getPort from "get-port";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Health } from "./health.ts";
import { settingsFrom } from "./settings.ts";

const broker = { connected: true, blocked: undefined as string | undefined, reconnections: 0 };
const server = { listening: true, inFlight: 0, waiting: 0 };

describe("a server", () => {
  let health: Health;
  let get: (path: string) => Promise<Response>;
  const lives = async () => (await get("/livez")).ok;
  const ready = async () => (await get("/readyz")).ok;

  beforeEach(async () => {
    const port = await getPort();
    health = await Health.open(port, { state: "ohio", settings: settingsFrom({ IDLE_TIMEOUT: "500ms" }) });
    get = (path) => fetch(`http://127.0.0.1:${port}${path}`);
  });
  afterEach(() => health.close());

  it("is ready once it serves", async () => {
    expect(await ready()).toBe(false);
    health.serves(broker, server);
    expect(await ready()).toBe(true);
  });

  for (const [when, brokerThen, serverThen] of [
    ["without a connection", { ...broker, connected: false }, server],
    ["while the broker takes no messages", { ...broker, blocked: "low on memory" }, server],
    ["while it does not listen", broker, { ...server, listening: false }],
  ] as const) {
    it(`is not ready ${when}, but lives`, async () => {
      health.serves(brokerThen, serverThen);
      expect(await ready()).toBe(false);
      expect(await lives()).toBe(true);
    });
  }

  it("lives while its event loops turn, and from the moment that it serves", async () => {
    await pause(1_200);
    expect(await lives()).toBe(true);
    health.serves(broker, server);
    expect(await lives()).toBe(true);
    await pause(1_200);
    expect(await lives()).toBe(false);
    health.turned();
    expect(await lives()).toBe(true);
  });

  it("counts what became of its requests, and tells how much it holds", async () => {
    health.serves({ ...broker, reconnections: 2 }, { ...server, inFlight: 3, waiting: 7 });
    const settled = { id: "1", routingKey: "weather.ohio", milliseconds: 20, attempt: 1 };
    health.settled({ ...settled, outcome: "expired" });
    health.settled({ ...settled, outcome: "requeued" });
    health.settled({ ...settled, outcome: "dead-lettered", attempt: 3 });
    const text = await (await get("/metrics")).text();
    for (const line of [
      'weather_requests_total{outcome="expired",state="ohio"} 1',
      'weather_requests_total{outcome="requeued",state="ohio"} 1',
      'weather_requests_total{outcome="dead-lettered",state="ohio"} 1',
      'weather_request_duration_seconds_bucket{le="0.025",state="ohio"} 3',
      'weather_redeliveries_total{state="ohio"} 1',
      'weather_dead_letters_total{state="ohio"} 1',
      'weather_requests_in_flight{state="ohio"} 3',
      'weather_local_queue_length{state="ohio"} 7',
      'weather_broker_reconnections_total{state="ohio"} 2',
    ]) {
      expect(text).toContain(`\n${line}\n`);
    }
  });
});
