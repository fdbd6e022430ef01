import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import getPort from "get-port";
import { afterAll, beforeAll, expect } from "vitest";
import { PrivateBroker, Vhost, type AppProcess } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { test as base } from "../farm.ts";
import { faults } from "./trial.ts";

let node: PrivateBroker;
beforeAll(async () => {
  node = await PrivateBroker.start({ server: serverForTests(), management: true });
});
afterAll(() => node.stop());

const test = base.extend<{ vhost: Vhost }>({
  vhost: async ({}, use) => {
    const vhost = await Vhost.create(node);
    await use(vhost);
    await vhost.remove();
  },
});
const fault = (...[name, options, during]: Parameters<ReturnType<typeof faults>>) =>
  faults("stopping")(name, options, during, test);

/** Asks a server to stop, and expects that it does in order and in its time, 3 s. */
async function stops(server: AppProcess | undefined): Promise<void> {
  const began = performance.now();
  expect(await server?.stop()).toBe(0);
  expect(performance.now() - began).toBeLessThan(5_000);
}

const environment = { STOP_TIMEOUT: "3s", FORECAST_CACHE: "0" };

fault("one of two gets SIGTERM in a memory alarm", { environment }, async ({ client, servers }) => {
  await node.ctl("set_vm_memory_high_watermark", "0.00001");
  try {
    await until("the client knows", () => client.blocked !== undefined);
    await stops(servers[0]);
  } finally {
    await node.ctl("set_vm_memory_high_watermark", "0.4");
  }
  await until("the client knows", () => client.blocked === undefined);
});

fault("one of two gets SIGTERM while the broker is frozen", { environment }, async ({ servers }) => {
  node.pause();
  try {
    await stops(servers[0]);
  } finally {
    node.resume();
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
