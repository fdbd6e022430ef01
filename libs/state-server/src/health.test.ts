import getPort from "get-port";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Health } from "./health.ts";
import { settingsFrom } from "./settings.ts";

describe("a server is ready", () => {
  const broker = { connected: true, blocked: undefined as string | undefined, reconnections: 0 };
  const server = { listening: true, inFlight: 0, waiting: 0 };
  let health: Health;
  let ready: () => Promise<boolean>;

  beforeEach(async () => {
    const port = await getPort();
    health = await Health.open(port, { state: "ohio", settings: settingsFrom({}) });
    ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  });
  afterEach(() => health.close());

  it("once it serves", async () => {
    expect(await ready()).toBe(false);
    health.serves(broker, server);
    expect(await ready()).toBe(true);
  });

  for (const [when, brokerThen, serverThen] of [
    ["without a connection", { ...broker, connected: false }, server],
    ["while the broker takes no messages", { ...broker, blocked: "low on memory" }, server],
    ["while it does not listen", broker, { ...server, listening: false }],
  ] as const) {
    it(`but not ${when}`, async () => {
      health.serves(brokerThen, serverThen);
      expect(await ready()).toBe(false);
    });
  }
});
