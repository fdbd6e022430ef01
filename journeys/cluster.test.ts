import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { down, exec, logs, run, upMany, type IDockerComposeOptions } from "docker-compose";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Broker } from "@weather/queue-binding";
import { until } from "@weather/testing/vitest";
import { docker, dockerThere, removeImages } from "./docker.ts";
import { ohio } from "./farm.ts";
import { Load } from "./faults/load.ts";

const nodes = ["rabbitmq", "rabbitmq-2", "rabbitmq-3"] as const;
type Node = (typeof nodes)[number];

/** A queue as `rabbitmqctl list_queues` shows it, with nodes by the names of their services. */
interface Queue {
  members: Node[];
  online: Node[];
  leader: Node;
}

const load = { rate: 100, deadline: 20_000 };
const longerThanDeadline = 25_000;

describe.skipIf(!dockerThere)("three broker nodes", () => {
  const project = `weather-cluster-${randomBytes(3).toString("hex")}`;
  let compose: IDockerComposeOptions;
  let client: Broker;

  beforeAll(async () => {
    const [first, second, third] = [await getPort(), await getPort(), await getPort()] as const;
    compose = {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      config: ["docker-compose.yml", "docker-compose.cluster.yml"],
      env: {
        ...process.env,
        COMPOSE_PROJECT_NAME: project,
        IMAGE_PREFIX: project,
        AMQP_PORT: String(first),
        AMQP_PORT_2: String(second),
        AMQP_PORT_3: String(third),
        MANAGEMENT_PORT: String(await getPort()),
        GATEWAY_PORT: String(await getPort()),
      },
    };
    await upMany(["ohio-server"], { ...compose, commandOptions: ["--build", "--wait"] });
    const urls = [first, second, third].map(
      (port) => `amqp://client:weather-development-only@127.0.0.1:${port}?heartbeat=5`,
    );
    client = await connect(urls.join(), { name: "journey" });
  }, 600_000);
  afterAll(async () => {
    await client?.drain();
    await down({ ...compose, commandOptions: ["--volumes"] });
    removeImages(project);
  }, 120_000);

  const container = (node: Node) => `${project}-${node}-1`;

  async function queue(name: string): Promise<Queue> {
    const command = ["rabbitmqctl", "-q", "list_queues", "--formatter", "json"];
    const columns = ["name", "members", "online", "leader"];
    const { out } = await exec("rabbitmq", [...command, ...columns], compose);
    const all = JSON.parse(out.replaceAll("rabbit@", "")) as (Queue & { name: string })[];
    return all.find((row) => row.name === name) as Queue;
  }

  const allOnline = () =>
    until(
      "all three members are online",
      async () =>
        (await queue("weather.ohio").catch(() => undefined))?.online.toSorted().join() === nodes.join(),
      150_000,
    );

  /** Runs a load during a fault of the broker. @returns the counts of its requests */
  async function underLoad(happens: () => Promise<void>) {
    const asked = new Load(client);
    asked.start(load);
    await pause(3_000);
    await happens();
    await pause(3_000);
    return asked.stop();
  }

  const nothingWaits = () =>
    until("both servers listen, and nothing waits", async () => {
      const { waiting, servers } = (await client.counts(ohio)) ?? {};
      return waiting === 0 && servers === 2;
    });

  it("are a project of their own, which commands for one node do not touch", () => {
    const { COMPOSE_PROJECT_NAME: _, ...env } = compose.env ?? {};
    const projectOf = (...files: string[]) =>
      spawnSync("docker", ["compose", ...files, "config", "--format", "json"], {
        ...compose,
        env,
        encoding: "utf8",
      });
    const names = [projectOf(), projectOf("-f", "docker-compose.yml", "-f", "docker-compose.cluster.yml")];
    expect(names.map(({ stdout }) => (JSON.parse(stdout) as { name: string }).name)).toEqual([
      "weather-farm",
      "weather-farm-cluster",
    ]);
  });

  it("stay as they are when a client is run, even with the file for one node", async () => {
    const standing = () => docker("ps", "--no-trunc", "--format", "{{.ID}}", "--filter", `name=${project}-`);
    const before = await standing();
    for (const config of [compose.config ?? [], ["docker-compose.yml"]]) {
      const { out } = await run("client", ["states"], {
        ...compose,
        config,
        commandOptions: ["--rm"],
      });
      expect(out).toMatch(/ohio +weather\.ohio/);
    }
    expect(await standing()).toBe(before);
  });

  it.each(["weather.ohio", "weather.dead-letter"])("store %s on three nodes", async (name) => {
    await until("it has three", async () => (await queue(name)).members.length === 3, 60_000);
    expect((await queue(name)).members.toSorted()).toEqual(nodes);
  });

  it("lose no request when the leader of the queue is killed", async () => {
    const { leader } = await queue("weather.ohio");
    const outcomes = await underLoad(async () => {
      await docker("kill", container(leader));
      await pause(longerThanDeadline);
      await docker("start", container(leader));
      await allOnline();
    });
    console.log(`${leader} killed:`, outcomes);
    expect(outcomes).toMatchObject({ answered: outcomes.sent, lost: 0 });
    await nothingWaits();
    // Servers declare queues of their own; those of the lost node stay locked until it is back.
    expect((await logs("ohio-server", compose)).out).not.toContain("RESOURCE_LOCKED");
  }, 300_000);

  it("answer every request, or say why not, when the network separates the leader of the queue", async () => {
    const { leader } = await queue("weather.ohio");
    const network = `${project}_default`;
    const outcomes = await underLoad(async () => {
      await docker("network", "disconnect", network, container(leader));
      await pause(longerThanDeadline);
      await docker("network", "connect", "--alias", leader, network, container(leader));
      await allOnline();
    });
    console.log(`${leader} cut off:`, outcomes);
    const { AnswerTimeoutError = 0, ...others } = outcomes.failed;
    expect(others).toEqual({});
    expect(outcomes).toMatchObject({ answered: outcomes.sent - AnswerTimeoutError, lost: 0 });
    // Some requests expire before the other nodes have elected a leader, which takes seconds. Later ones are answered.
    expect(AnswerTimeoutError).toBeLessThan(outcomes.answered);
    await nothingWaits();
    expect((await client.ask(ohio, {})).outcome).toBe("forecast");
  }, 300_000);
});
