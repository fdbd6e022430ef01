import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import getPort from "get-port";
import { expect } from "vitest";
import type { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { ownNode } from "./own-node.ts";

const own = ownNode("stopping");
const { fault } = own;

/** Asks a server to stop, and expects exit code 0 within its time, 3 s. */
async function stops(server: AppProcess | undefined): Promise<void> {
  const began = performance.now();
  expect(await server?.stop()).toBe(0);
  expect(performance.now() - began).toBeLessThan(5_000);
}

const environment = { STOP_TIMEOUT: "3s", FORECAST_CACHE: "0" };

fault("one of two gets SIGTERM in a memory alarm", { environment }, async ({ client, servers }) => {
  await own.node.ctl("set_vm_memory_high_watermark", "0.00001");
  try {
    await until("the client knows", () => client.blocked !== undefined);
    await stops(servers[0]);
  } finally {
    await own.node.ctl("set_vm_memory_high_watermark", "0.4");
  }
  await until("the client knows", () => client.blocked === undefined);
});

fault("one of two gets SIGTERM while the broker is frozen", { environment }, async ({ servers }) => {
  own.node.pause();
  try {
    await stops(servers[0]);
  } finally {
    own.node.resume();
  }
  await pause(1_000);
});

const healthPort = await getPort();
fault(
  "a server gets SIGTERM while somebody is connected to its health port and asks nothing",
  { environment: { ...environment, HEALTH_PORT: String(healthPort) }, servers: 1 },
  async (trial) => {
    const idle = connect(healthPort, "127.0.0.1");
    await once(idle, "connect");
    await stops(trial.servers[0]);
    await trial.serve();
  },
);
