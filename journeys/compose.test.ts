import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import amqplib from "amqplib";
import { down, exec, logs, ps, run, stop, upAll, type IDockerComposeOptions } from "docker-compose";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stateNames } from "@weather/contracts";
import { AccessRefusedError, connect } from "@weather/queue-binding";
import { until } from "@weather/testing/vitest";
import { docker, dockerThere, removeImages } from "./docker.ts";
import { Load } from "./faults/load.ts";
import { testRoles } from "./roles.ts";

const twoEach = stateNames.flatMap((state) => [`${state}-server`, `${state}-server`]);

/** A container as `docker compose ps --all` shows it. */
interface Container {
  Service: string;
  State: string;
  ExitCode: number;
}

describe.skipIf(!dockerThere)("docker compose", () => {
  const project = `weather-journey-${randomBytes(3).toString("hex")}`;
  let compose: IDockerComposeOptions;
  let amqpPort: number;
  let clientUrl: string;

  beforeAll(async () => {
    amqpPort = await getPort();
    clientUrl = `amqp://client:weather-development-only@127.0.0.1:${amqpPort}`;
    compose = {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      env: {
        ...process.env,
        COMPOSE_PROJECT_NAME: project,
        IMAGE_PREFIX: project,
        AMQP_PORT: String(amqpPort),
        MANAGEMENT_PORT: String(await getPort()),
        GATEWAY_PORT: String(await getPort()),
      },
    };
    await upAll({ ...compose, commandOptions: ["--build"] });
  }, 600_000);
  afterAll(async () => {
    await down({ ...compose, commandOptions: ["--volumes"] });
    removeImages(project);
  }, 120_000);

  const said = async (service: string) => (await logs(service, compose)).out;
  const client = (...words: string[]) => run("client", words, { ...compose, commandOptions: ["--rm"] });
  const containers = async () =>
    (await ps({ ...compose, commandOptions: ["--all", ["--format", "json"]] })).out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Container);

  it("up starts two servers of each state, shows their answers, and prints the next commands; the farm stays", async () => {
    await until("the welcome is done", async () => (await said("welcome")).includes("/metrics"), 60_000);
    const shown = await said("welcome");
    expect(shown).toContain("20 of 20 answered: ohio 10, virginia 10");
    expect(shown).toContain(`AMQP_URL=${clientUrl.replace("127.0.0.1", "localhost")} npx weather states`);
    const [, page = ""] = /(http:\S+)\/farms$/m.exec(shown) ?? [];
    expect((await fetch(`${page}/farms`)).status).toBe(200);
    await until("it has ended", async () => (await containers()).some(({ State }) => State === "exited"));
    const standing = (await containers()).map(
      ({ Service, State, ExitCode }) => `${Service} ${State} ${ExitCode}`,
    );
    const running = ["rabbitmq", "observer", "gateway", ...twoEach].map((service) => `${service} running 0`);
    expect(standing.sort()).toEqual(["welcome exited 0", ...running].sort());
  });

  it("lets no server try what its role may not do: the broker logs no error", async () => {
    const errors = (await said("rabbitmq")).split("\n").filter((line) => line.includes("[error]"));
    expect(errors).toEqual([]);
  });

  it("prints commands that work as they are printed", async () => {
    const printed = [...(await said("welcome")).matchAll(/^\S+ +\| +((?:docker|AMQP_URL=).*)$/gm)]
      .map(([, command = ""]) => command)
      .filter((command) => !command.endsWith(" down"));
    expect(printed).toHaveLength(4);
    for (const command of [...printed, "curl -fs http://$(docker compose port ohio-server 8080)/metrics"]) {
      const { status, stderr } = spawnSync(command, { ...compose, shell: true, encoding: "utf8" });
      expect([command, status, stderr]).toEqual([command, 0, expect.any(String)]);
    }
  });

  it("run --rm client asks by hand, and prints its name as it is called", async () => {
    const { out, exitCode } = await client("forecast", "ohio", "--days", "3");
    expect(exitCode).toBe(0);
    expect(out).toContain("(KCMH), ohio");
    expect((await client("--help")).out).toContain("docker compose run --rm client forecast ohio\n");
  });

  /** Gives Ohio's farm so many servers, and waits until all of them listen. */
  const scale = async (count: number) => {
    await upAll({ ...compose, commandOptions: ["--no-recreate", "--scale", `ohio-server=${count}`] });
    const listening = new RegExp(`ohio +weather\\.ohio +\\d+ +${count}`);
    await until(`${count} listen`, async () => listening.test((await client("states")).out), 60_000);
  };

  it("up --scale starts more servers of one state", async () => {
    await scale(4);
    expect((await client("states")).out).toMatch(/virginia +weather\.virginia +0 +2/);
    const servers = (await containers()).filter(({ Service }) => Service === "ohio-server");
    expect(servers.map(({ State }) => State)).toEqual(["running", "running", "running", "running"]);
  });

  it("up --scale stops servers again, under load, and no request is lost", async () => {
    const broker = await connect(clientUrl, { name: "journey" });
    const load = new Load(broker);
    load.start({ rate: 100, deadline: 30_000 });
    await scale(1);
    const outcomes = await load.stop();
    await broker.drain();
    console.log("scaled from 4 servers to 1:", outcomes);
    expect(outcomes).toMatchObject({ answered: outcomes.sent, lost: 0 });
    await scale(4);
  });

  it("runs the servers as the user node, on a read-only file system", async () => {
    const { out } = await exec("ohio-server", ["id", "-un"], compose);
    expect(out.trim()).toBe("node");
    const write = "require('node:fs').writeFileSync('/app/x', '')";
    const failure: unknown = await exec("ohio-server", ["node", "-e", write], compose).catch(
      (error: unknown) => error,
    );
    expect(JSON.stringify(failure)).toContain("EROFS");
  });

  it("refuses users without a name and guest, and accepts its own client from this machine", async () => {
    // RabbitMQ 4 offers ANONYMOUS, for the user guest, which does not exist.
    const credentials = { mechanism: "ANONYMOUS", response: () => Buffer.alloc(0) };
    const anonymous = amqplib.connect(`amqp://127.0.0.1:${amqpPort}`, { credentials });
    await expect(anonymous).rejects.toThrow("ACCESS_REFUSED");
    const guest = connect(`amqp://guest:guest@127.0.0.1:${amqpPort}`, { name: "journey" });
    await expect(guest).rejects.toBeInstanceOf(AccessRefusedError);
    const broker = await connect(clientUrl, { name: "journey" });
    expect(await broker.counts({ queue: "weather.virginia" })).toMatchObject({ servers: 2 });
    await broker.drain();
  });

  it("keeps no password in an image", async () => {
    const image = await docker("image", "inspect", `${project}/ohio-server`);
    expect(image).toContain("main.js");
    expect(image).not.toMatch(/amqp:|development-only/);
    const layers = await docker("history", "--format", "{{.Size}}\t{{.CreatedBy}}", `${project}/ohio-server`);
    const size = layers.split("\n").find((line) => line.includes("/dist/"));
    console.log(`size of the app layer: ${size?.split("\t")[0]}`);
  });

  describe("lets each user do what its role needs, and nothing else:", () => {
    const password = "weather-development-only";
    testRoles(() => ({
      url: (role, given = password) => `amqp://${role}:${given}@127.0.0.1:${amqpPort}`,
    }));
  });

  it("stop, as down does first, drains: every server says that it finished and exits 0", async () => {
    const starts = [...(await said("ohio-server")).matchAll(/"startedIn":(\d+)/g)].map(([, time]) => time);
    console.log(`servers answered after (ms): ${starts.join(", ")}`);
    await stop(compose);
    const ends = (await containers()).filter(({ Service }) => Service.endsWith("-server"));
    expect(ends.map(({ ExitCode }) => ExitCode)).toEqual([...twoEach, "two more", "of Ohio"].map(() => 0));
    for (const [service, count] of [
      ["ohio-server", 4],
      ["virginia-server", 2],
    ] as const) {
      expect((await said(service)).match(/-server finished/g)).toHaveLength(count);
    }
  });
});
