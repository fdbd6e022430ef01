import { setTimeout as pause } from "node:timers/promises";
import { observationKey, observations, type Observation } from "@weather/contracts";
import { connect, type Broker } from "@weather/queue-binding";
import { expect } from "vitest";
import { AppProcess } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { ohio, oldEnough } from "../farm.ts";
import { ownNode } from "./own-node.ts";

const own = ownNode("broker");
const { fault } = own;

fault("stopped and started", {}, async () => {
  await pause(oldEnough);
  await own.node.halt();
  await own.node.start();
});

fault(
  "stopped and started with observations in its stream, which survive",
  {},
  async ({ operator, client }) => {
    const observed = { state: "ohio", station: "KCMH", date: "2024-01-15", high: -8, low: -15 };
    await operator.publish(observations, observationKey(observed), observed);
    await pause(oldEnough);
    await own.node.halt();
    await own.node.start();
    const reader = await connect(operator.address.replace("guest@", "guest:guest@"), { name: "reader" });
    const heard: string[] = [];
    const take = ({ station, date }: Observation) => heard.push(`${station} ${date}`);
    reader.follow(observations, { since: 3_600_000, take, malformed: () => {} });
    await until("it is there", () => heard.includes("KCMH 2024-01-15"), 30_000);
    await reader.drain();
    await until(
      "forecasts start from it",
      async () => {
        const reply = await client.ask(
          ohio,
          { start: "2024-01-16", days: 1, members: 10 },
          { deadline: 30_000 },
        );
        return reply.outcome === "forecast" && reply.startedFrom?.length === 1;
      },
      30_000,
    );
  },
);

fault("killed with SIGKILL and started", {}, async () => {
  await pause(oldEnough);
  await own.node.kill();
  await own.node.start();
});

fault("paused for 10 s, longer than the heartbeat", {}, async () => {
  own.node.pause();
  await pause(10_000);
  own.node.resume();
});

/** A memory alarm while something is done. */
async function inMemoryAlarm(client: Broker, during: () => Promise<unknown>): Promise<void> {
  await own.node.ctl("set_vm_memory_high_watermark", "0.00001");
  try {
    await until("the client knows", () => client.blocked !== undefined);
    await during();
  } finally {
    await own.node.ctl("set_vm_memory_high_watermark", "0.4");
  }
  await until("the client knows", () => client.blocked === undefined);
}

fault("memory alarm for 3 s", {}, ({ client }) => inMemoryAlarm(client, () => pause(3_000)));

fault(
  "memory alarm for 8 s, while another client asks without end: its memory is bounded",
  {},
  async ({ client, vhost }, afterwards) => {
    await inMemoryAlarm(client, async () => {
      const program = "journeys/faults/greedy-client.ts";
      const greedy = AppProcess.run(program, { environment: { AMQP_URL: vhost.url } });
      afterwards(() => greedy.stop("SIGKILL"));
      await greedy.says("TooManyRequestsError");
      await pause(8_000);
      const megabytes = greedy.output.map((line) => Number.parseInt(line));
      await greedy.stop("SIGKILL");
      expect(megabytes.length).toBeGreaterThan(10);
      expect(Math.max(...megabytes)).toBeLessThan(400);
    });
  },
);

fault("connections closed by an operator", {}, async ({ vhost }) => {
  await until("the broker knows them", async () => (await vhost.closeConnections("client")) > 0);
  await vhost.closeConnections("ohio-server");
  await pause(1_000);
});

fault(
  "queue deleted by an operator",
  // The requests in the queue are gone, and those before the servers have declared it again are returned.
  { possibly: ["NoServersError", "AnswerTimeoutError"], deadline: 5_000 },
  async ({ vhost }) => {
    await vhost.manage("DELETE", `/queues/${vhost.name}/weather.ohio`);
    await pause(2_000);
  },
);

fault("vhost stopped and started", {}, async ({ vhost }) => {
  await pause(oldEnough);
  await own.node.ctl(
    "eval",
    `{ok, Pid} = rabbit_vhost_sup_sup:get_vhost_sup(<<"${vhost.name}">>), exit(Pid, kill), timer:sleep(500), ok.`,
  );
  await pause(1_000);
  await own.node.ctl("restart_vhost", "-p", vhost.name);
});

fault(
  "permissions withdrawn for 3 s, and connections closed",
  // A client holds its requests while it sees no server. The broker refuses those that it sends before.
  { possibly: ["AccessRefusedError"] },
  async ({ vhost }) => {
    const all = { configure: ".*", write: ".*", read: ".*" };
    await until("the broker knows the connections", async () => {
      await vhost.manage("PUT", `/permissions/${vhost.name}/guest`, { configure: "", write: "", read: "" });
      return (await vhost.closeConnections("client")) > 0;
    });
    await vhost.closeConnections("ohio-server");
    await pause(3_000);
    await vhost.manage("PUT", `/permissions/${vhost.name}/guest`, all);
  },
);

fault("access to the vhost withdrawn for 3 s, and connections closed", {}, async ({ vhost }) => {
  await until("the broker knows the connections", async () => {
    await vhost.manage("DELETE", `/permissions/${vhost.name}/guest`).catch(() => {});
    return (await vhost.closeConnections("client")) > 0;
  });
  await vhost.closeConnections("ohio-server");
  await pause(3_000);
  const all = { configure: ".*", write: ".*", read: ".*" };
  await vhost.manage("PUT", `/permissions/${vhost.name}/guest`, all);
});
