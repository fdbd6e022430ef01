import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { AppProcess, FaultProxy } from "@weather/testing";
import { test } from "../farm.ts";
import { write } from "./matrix.ts";
import { faults } from "./trial.ts";

const fault = faults("server");

fault("one of two gets SIGTERM under load", {}, async ({ servers }) => {
  expect(await servers[0]?.stop("SIGTERM")).toBe(0);
});

fault("one of two gets SIGKILL under load", {}, async ({ servers }) => {
  await servers[0]?.stop("SIGKILL");
  await pause(1_000);
});

fault("all get SIGKILL, and others start", {}, async (trial) => {
  await Promise.all(trial.servers.map((server) => server.stop("SIGKILL")));
  await pause(1_000);
  await trial.serve();
});

fault("event loop of one of two blocked for 5 s", { environment: { PREFETCH: "8" } }, async ({ servers }) => {
  servers[0]?.signal("SIGSTOP");
  await pause(5_000);
  servers[0]?.signal("SIGCONT");
});

fault(
  "started before the broker can be reached",
  // A queue that never had a server makes requests fail at once.
  { servers: 0, errors: ["NoServersError"] },
  async (trial) => {
    await trial.serverProxy.refuse();
    const server = trial.start();
    await server.says("no connection yet, trying again");
    await trial.serverProxy.accept();
    await server.says("ohio-server answers");
  },
);

fault("rolling restart of a cluster of three", { servers: 3 }, async (trial) => {
  for (const old of [...trial.servers]) {
    await trial.serve();
    expect(await old.stop("SIGTERM")).toBe(0);
  }
});

test("server: started with a wrong password, it ends with one attempt and a clear message", async ({
  vhost,
  afterwards,
}) => {
  const line = await FaultProxy.to(vhost.url);
  afterwards(() => line.close());
  const url = new URL(line.through(vhost.url));
  url.password = "wrong";
  const server = AppProcess.start("ohio-server", { environment: { AMQP_URL: url.href } });
  expect(await server.ended()).toBe(77);
  expect(server.output.at(-1)).toContain("refused the user name or password");
  expect(line.accepted).toBe(1);
  const account = { sent: 0, answered: 0, refused: 0, failed: {}, lost: 0, pause: 0 };
  write({ part: "server", fault: "started with a wrong password: exit 77 after one attempt", ...account });
});
