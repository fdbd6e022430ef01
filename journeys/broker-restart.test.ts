import { setTimeout as pause } from "node:timers/promises";
import { describe, expect } from "vitest";
import { connect, type Broker } from "@weather/queue-binding";
import { AppProcess, PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { test as base } from "@weather/testing/vitest";
import { deadLetters, ohio } from "./farm.ts";

const test = base.extend<{ node: PrivateBroker; servers: AppProcess[]; client: Broker }>({
  node: async ({ afterwards }, use) => {
    const node = await PrivateBroker.start({ server: serverForTests() });
    afterwards(() => node.stop());
    await use(node);
  },
  servers: async ({ node, afterwards }, use) => {
    const servers = [1, 2].map(() =>
      AppProcess.start("ohio-server", { environment: { AMQP_URL: node.url } }),
    );
    afterwards(() => Promise.all(servers.map((server) => server.stop("SIGKILL"))));
    await Promise.all(servers.map((server) => server.says("ohio-server answers")));
    await use(servers);
  },
  client: async ({ node, afterwards }, use) => {
    const client = await connect(node.url, { name: "journey" });
    afterwards(() => client.drain());
    await use(client);
  },
});

/** Asks without a break until told to stop. @returns what became of every request */
function askSteadily(client: Broker, afterwards: (close: () => unknown) => void) {
  let going = true;
  afterwards(() => (going = false));
  const outcomes: string[] = [];
  const one = async () => {
    while (going) {
      await client.ask(ohio, {}, { deadline: 60_000 }).then(
        ({ outcome }) => outcomes.push(outcome),
        async (error: unknown) => (outcomes.push(String(error)), pause(10)),
      );
    }
  };
  const loops = Promise.all(Array.from({ length: 20 }, one));
  return async () => {
    going = false;
    await loops;
    return outcomes;
  };
}

describe("a broker that goes away and comes back is a pause, for servers and for a client with requests in flight", () => {
  for (const [how, end] of [
    ["is restarted", (node: PrivateBroker) => node.halt()],
    ["is killed and started", (node: PrivateBroker) => node.kill()],
  ] as const) {
    test(`when it ${how}`, async ({ node, servers, client, afterwards }) => {
      const stop = askSteadily(client, afterwards);
      // RabbitMQ 3.10 loses the leader of a quorum queue that is killed in its first seconds, and never finds one again.
      await pause(6_000);
      await end(node);
      await pause(1_000);
      await node.start();
      await client.ask(ohio, {}, { deadline: 60_000 });
      await pause(500);
      const outcomes = await stop();
      expect(new Set(outcomes)).toEqual(new Set(["forecast"]));
      expect(outcomes.length).toBeGreaterThan(40);
      expect(await client.counts(deadLetters)).toMatchObject({ waiting: 0 });
      for (const server of servers) expect(await server.stop()).toBe(0);
    });
  }
});
