import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect } from "vitest";
import { stateNames } from "@weather/contracts";
import { AppProcess, canRun } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { test } from "./farm.ts";

const root = new URL("..", import.meta.url).pathname;

const runs = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const count = 10 * stateNames.length;
const allAnswered = `${count} of ${count} answered: ${stateNames.map((state) => `${state} 10`).join(", ")}`;
const allServers = 2 * stateNames.length;

/** The servers that a table names: app@host:pid. */
const pids = (text: string) => [
  ...new Set([...text.matchAll(/-server@\S+:(\d+)/g)].map(([, pid]) => Number(pid))),
];

// A network of its own, in which nobody listens on localhost:5672.
const alone = ["--net", "sh", "-c", 'ip link set lo up && eval "$0"'];
const bareMachine = canRun("bareMachine");

describe("npm start", () => {
  test("asks each state ten times, and leaves neither a process nor a queue behind", async ({ vhost }) => {
    const { status, stdout } = spawnSync("npm", ["start"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, AMQP_URL: vhost.url },
    });
    expect(stdout).toMatch(/^\$ curl "http:\/\/127\.0\.0\.1:\d+\/ohio\?format=1"\nOhio \(KCMH\), /m);
    expect(stdout.trim().split("\n").at(-1)).toBe(allAnswered);
    expect(status).toBe(0);
    expect(pids(stdout)).toHaveLength(allServers);
    expect(pids(stdout).filter(runs)).toEqual([]);
    expect(await vhost.manage("GET", `/queues/${vhost.name}`)).toEqual([]);
  });

  test("leaves a queue that was there before", async ({ vhost, serve }) => {
    const server = await serve("ohio");
    await server.stop();
    const names = async () =>
      ((await vhost.manage("GET", `/queues/${vhost.name}`)) as { name: string }[]).map(({ name }) => name);
    const before = await names();
    expect(before).toContain("weather.ohio");
    const { status } = spawnSync("npm", ["start"], {
      cwd: root,
      env: { ...process.env, AMQP_URL: vhost.url },
    });
    expect(status).toBe(0);
    expect((await names()).sort()).toEqual(before.sort());
  });

  test("says that the broker which AMQP_URL names does not answer, and starts none", () => {
    const { status, stderr } = spawnSync("npm", ["start"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, AMQP_URL: "amqp://me:secret@127.0.0.1:1" },
    });
    expect(status).toBe(69);
    expect(stderr).toContain("no broker answers at amqp://me@127.0.0.1:1");
    expect(stderr).not.toContain("secret");
  });

  test("says that AMQP_URL is not a broker URL", () => {
    const { status, stderr } = spawnSync("npm", ["start"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, AMQP_URL: "localhost:5672" },
    });
    expect([status, stderr]).toEqual([64, expect.stringContaining("AMQP_URL: a broker URL has the form")]);
  });

  test("prints help, and refuses unknown options", () => {
    const run = (...words: string[]) =>
      spawnSync("npm", ["run", "-s", ...words], { cwd: root, encoding: "utf8" });
    const help = run("start", "--", "--help");
    expect([help.status, help.stdout]).toEqual([0, expect.stringMatching(/asks each\s+state ten times/)]);
    const farm = run("farm", "--", "--help");
    expect([farm.status, farm.stdout]).toEqual([0, expect.stringContaining("until Ctrl-C")]);
    const wrong = run("start", "--", "--keap");
    expect([wrong.status, wrong.stderr]).toEqual([64, expect.stringContaining("unknown option '--keap'")]);
  });

  test.skipIf(!bareMachine)("starts a private RabbitMQ where there is none, and stops it", () => {
    const { AMQP_URL: _, ...environment } = process.env;
    const { status, stdout, stderr } = spawnSync("unshare", [...alone, "exec npm start"], {
      cwd: root,
      encoding: "utf8",
      env: environment,
    });
    expect(stdout.trim().split("\n").at(-1)).toBe(allAnswered);
    expect(status).toBe(0);
    expect(stderr).toContain("as a private node");
    expect(pids(stdout).filter(runs)).toEqual([]);
  });
});

describe("npm run farm", () => {
  test("keeps the servers running, says that its port is not available and how to ask, and drains on Ctrl-C", async ({
    vhost,
    weather,
    afterwards,
  }) => {
    const other = createServer().listen(0, "127.0.0.1");
    afterwards(() => other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const farm = AppProcess.run("tools/src/start.ts", {
      arguments: ["--keep"],
      environment: { AMQP_URL: vhost.url, GATEWAY_PORT: `${port}` },
    });
    afterwards(() => farm.stop("SIGKILL"));
    const said = () => farm.errors.join("\n");
    await until("it prints how to ask", () => said().includes("npx weather forecast ohio --days 3"), 30_000);
    expect(said()).toContain(`For a browser (port ${port} is not available, so this is another one):`);
    expect(said()).toContain("AMQP_URL=… npx weather");
    expect(said()).not.toContain("guest:guest");
    const [, page = ""] = /^ {2}(http:.*\/)$/m.exec(said()) ?? [];
    expect((await fetch(page, { headers: { accept: "text/html" } })).status).toBe(200);
    expect((await weather("forecast", "ohio")).code).toBe(0);
    expect(await farm.stop("SIGINT")).toBe(0);
    expect(said().match(/-server finished/g)).toHaveLength(allServers);
    expect(await vhost.manage("GET", `/queues/${vhost.name}`)).toEqual([]);
  });

  test.skipIf(!bareMachine)(
    "is found without AMQP_URL where it starts the broker",
    async ({ afterwards }) => {
      const { AMQP_URL: _, ...env } = process.env;
      const farm = spawn("unshare", [...alone, "exec node --import tsx tools/src/start.ts --keep"], {
        cwd: root,
        env,
      });
      const ended = once(farm, "close");
      afterwards(() => farm.kill("SIGKILL"));
      let said = "";
      farm.stderr.on("data", (chunk) => (said += String(chunk)));
      await until("it prints how to ask", () => said.includes("\n  npx weather states\n"), 60_000);
      const there = ["--net", "--target", String(farm.pid), "npx", "weather", "states"];
      const { stdout } = spawnSync("nsenter", there, { cwd: root, encoding: "utf8", env });
      expect(stdout).toMatch(/ohio +weather\.ohio +0 +2/);
      farm.kill("SIGINT");
      expect(await ended).toEqual([0, null]);
    },
  );

  test("ends and names the setting that is wrong", async ({ vhost, afterwards }) => {
    for (const wrong of ["eight", "70000"]) {
      const farm = AppProcess.run("tools/src/start.ts", {
        arguments: ["--keep"],
        environment: { AMQP_URL: vhost.url, GATEWAY_PORT: wrong },
      });
      afterwards(() => farm.stop("SIGKILL"));
      expect(await farm.ended()).toBe(70);
      expect(farm.errors.join("\n")).toContain(
        `GATEWAY_PORT: expected a whole number from 0 to 65535, got ${wrong}`,
      );
    }
    expect(await vhost.manage("GET", `/queues/${vhost.name}`)).toEqual([]);
  });

  test("stops everything when its terminal is closed", async ({ vhost, afterwards }) => {
    const terminal = spawn("script", ["-qec", "npm run farm", "/dev/null"], {
      cwd: root,
      env: { ...process.env, AMQP_URL: vhost.url },
    });
    afterwards(() => terminal.kill("SIGKILL"));
    let shown = "";
    terminal.stdout.on("data", (chunk) => (shown += String(chunk)));
    await until("the farm is up", () => shown.includes("Ask from another terminal"), 60_000);
    const servers = [...new Set([...shown.matchAll(/-server (\d+): /g)].map(([, pid]) => Number(pid)))];
    expect(servers).toHaveLength(allServers);
    terminal.kill("SIGKILL");
    await until("its servers have ended", () => !servers.some(runs), 30_000);
    const queues = () => vhost.manage("GET", `/queues/${vhost.name}`);
    await until("its queues are gone", async () => ((await queues()) as unknown[]).length === 0, 30_000);
  });
});
