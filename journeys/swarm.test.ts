import { execFile, execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canRun } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { removeImages } from "./docker.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const docker = (words: string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}) =>
  execFileSync("docker", words, { cwd: root, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"], ...options });

/** Whether the engine is in no swarm. This journey makes a swarm, and leaves it at the end. */
const free = canRun("swarm");

describe.skipIf(!free)("docker stack deploy", () => {
  const stack = `weather-swarm-${randomBytes(3).toString("hex")}`;
  const env = { ...process.env, COMPOSE_PROJECT_NAME: stack, IMAGE_PREFIX: stack };
  const replicas = () => docker(["service", "ls", "--format", "{{.Name}} {{.Replicas}}"]);
  const asClient = (...words: string[]) => [
    ...["run", "--rm", "--network", `${stack}_default`],
    ...["--env", "AMQP_URL=amqp://client:weather-development-only@rabbitmq", `${stack}/client`],
    ...words,
  ];
  const client = (...words: string[]) => docker(asClient(...words));

  beforeAll(async () => {
    docker(["compose", "build", "ohio-server", "virginia-server", "client"], { env });
    docker(["swarm", "init", "--advertise-addr", "127.0.0.1"]);
    const files = ["--file", "docker-compose.yml", "--file", "docker-compose.swarm.yml"];
    const config = docker(["compose", ...files, "config"], { env });
    // As `grep -v ^name:` does in docker-compose.swarm.yml: `docker stack` knows no name.
    docker(["stack", "deploy", "--compose-file", "-", stack], { input: config.replace(/^name:.*\n/m, "") });
    const up = (state: string) => replicas().includes(`${stack}_${state}-server 2/2`);
    await until("both farms are there", () => up("ohio") && up("virginia"), 120_000);
  }, 600_000);
  afterAll(() => {
    spawnSync("docker", ["stack", "rm", stack]);
    spawnSync("docker", ["swarm", "leave", "--force"]);
    removeImages(stack);
  }, 120_000);

  it("starts both farms from the compose file, and they answer", () => {
    expect(client("forecast", "ohio", "virginia", "--count", "10")).toContain(
      "20 of 20 answered: ohio 10, virginia 10",
    );
  });

  it("scale starts more servers of one state", async () => {
    docker(["service", "scale", "--detach", `${stack}_ohio-server=4`]);
    await until("four listen", () => /ohio +weather\.ohio +0 +4/.test(client("states")), 60_000);
  });

  it("scale stops servers again, and every request meanwhile is answered", async () => {
    const words = ["forecast", "ohio", "--count", "20000", "--json"];
    const asking = promisify(execFile)("docker", asClient(...words), { maxBuffer: 2 ** 26 });
    await pause(2_000);
    docker(["service", "scale", "--detach", `${stack}_ohio-server=1`]);
    await until("one listens", () => /ohio +weather\.ohio +\d+ +1/.test(client("states")), 60_000);
    expect((await asking).stdout.match(/"outcome":"forecast"/g)).toHaveLength(20_000);
  });
});
