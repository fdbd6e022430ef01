import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import getPort from "get-port";
import { describe, expect, it } from "vitest";
import { request } from "@weather/contracts";
import { settingsSchema } from "@weather/state-server";
import { AppProcess } from "@weather/local-broker";
import { canRun, documentedSettings } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { test } from "./farm.ts";

const root = new URL("..", import.meta.url);
const read = (page: string) => readFileSync(new URL(page, root), "utf8");
const blocks = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, block = ""]) => block,
  );
const commandsOf = (page: string) => blocks(page, "sh").flatMap((block) => block.trim().split("\n"));
const commands = commandsOf("README.md");

const server = "node --import tsx apps/ohio-server/src/main.ts";
const cluster = "docker compose -f docker-compose.yml -f docker-compose.cluster.yml";

/** Commands that other checks run, and which. */
const elsewhere = new Map([
  ["npm ci", ".ci/run"],
  ["npm start", "start.test.ts"],
  ["npx nx g @weather/state:server kentucky", "new-state.test.ts"],
  ["npx nx g @weather/state:remove kentucky", "new-state.test.ts"],
  ["docker compose up --build", "compose.test.ts"],
  ["docker compose run --rm client forecast ohio --days 3", "compose.test.ts"],
  ["docker compose run --rm client states", "compose.test.ts"],
  ["docker compose run --rm operator dead-letters list", "compose.test.ts"],
  ["docker compose up -d --scale ohio-server=4", "compose.test.ts"],
  ["docker compose down", "compose.test.ts"],
  [`${cluster} up --build`, "cluster.test.ts"],
  [`${cluster} run --rm client states`, "cluster.test.ts"],
  [`${cluster} down`, "cluster.test.ts"],
  [`HEALTH_PORT=8081 ${server}`, "below"],
]);

const jqThere = canRun("jq");

describe("the README", () => {
  test("prints commands that work", async ({ vhost, serve, afterwards }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const gateway = AppProcess.start("gateway", {
      environment: { AMQP_URL: vhost.url, GATEWAY_PORT: "0" },
    });
    afterwards(() => gateway.stop("SIGKILL"));
    await gateway.says("gateway answers");
    const [, url = ""] = /"url":"http:..([^"]+)"/.exec(gateway.output.join("\n")) ?? [];
    const here = commands.filter((command) => !elsewhere.has(command));
    afterwards(() => rmSync(new URL("ohio.svg", root), { force: true }));
    expect(here.length).toBeGreaterThan(5);
    for (const command of here) {
      const line = command
        .replace(/ \| jq .*/, jqThere ? "$&" : "")
        // curl writes its progress to standard error.
        .replace("curl ", "curl --fail-with-body --silent --show-error ")
        .replace("localhost:8080", url);
      const { status, stderr } = spawnSync(line, {
        shell: true,
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, AMQP_URL: vhost.url },
      });
      expect(`${command}: exit ${status} ${stderr.replaceAll(/npm warn.*\n/g, "")}`).toBe(
        `${command}: exit 0 `,
      );
    }
  });

  it("prints only commands that a test runs", () => {
    for (const command of elsewhere.keys()) expect(commands).toContain(command);
  });

  test("starts one server by hand", async ({ vhost, afterwards }) => {
    const port = await getPort();
    const command = commands.find((line) => line.endsWith(server))?.replace("8081", String(port)) ?? "";
    const started = spawn(`exec env ${command}`, {
      shell: true,
      cwd: root,
      env: { ...process.env, AMQP_URL: vhost.url },
    });
    afterwards(() => started.kill("SIGKILL"));
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until("it is ready", ready, 30_000);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain("weather_");
    started.kill("SIGINT");
    expect(await once(started, "close")).toEqual([0, null]);
  });
});

describe("docs/settings.md", () => {
  const rows = documentedSettings();
  const settings = Object.entries(settingsSchema.shape);

  it("lists the settings that servers read, as the schema describes them", () => {
    expect(rows.map(({ name, meaning }) => [name, meaning])).toEqual(
      settings.map(([name, schema]) => [name, schema.description]),
    );
  });

  it("names their defaults", () => {
    for (const [name, schema] of settings) {
      const text = rows.find((row) => row.name === name)?.default || undefined;
      expect([name, schema.parse(text)]).toEqual([name, schema.parse(undefined)]);
    }
  });
});

describe("docs/wire.md", () => {
  it("shows a request that the contract takes", () => {
    const [json = ""] = blocks("docs/wire.md", "json");
    expect(request.safeParse(JSON.parse(json))).toMatchObject({ success: true });
  });
});

describe("docs/tracing.md", () => {
  test("traces a request with five lines", async ({ vhost, afterwards }) => {
    const [lines = ""] = blocks("docs/tracing.md", "js");
    expect(lines.trim().split("\n")).toHaveLength(5);
    const file = new URL(`tracing-${process.pid}.mjs`, root);
    writeFileSync(file, lines);
    afterwards(() => rmSync(file));
    const [serve = "", ask = ""] = commandsOf("docs/tracing.md").map((command) =>
      command.replace("./tracing.mjs", file.href),
    );
    const environment = { cwd: root, env: { ...process.env, AMQP_URL: vhost.url }, shell: true };
    const started = spawn(`exec env ${serve}`, environment);
    afterwards(() => started.kill("SIGKILL"));
    let shown = "";
    started.stdout?.on("data", (chunk) => (shown += String(chunk)));
    await until("it answers", () => shown.includes("ohio-server answers"), 30_000);
    const { status, stdout } = spawnSync(ask, { ...environment, encoding: "utf8" });
    expect(status).toBe(0);
    const [, id = "none"] = /traceId: '(\w+)'/.exec(stdout) ?? [];
    await until("the server shows the same trace", () => shown.includes(id));
  });
});
