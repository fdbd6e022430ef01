import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { request } from "@weather/contracts";
import { settingsSchema } from "@weather/state-server";
import { test } from "./farm.ts";

const root = new URL("..", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);
const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));

/** Commands that other checks run, and which. */
const elsewhere = new Map([
  ["npm ci", ".ci/run"],
  ["npm test", ".ci/run"],
  ["npm run test:faults", ".ci/run"],
  ["npm start", "start.test.ts"],
  ["npx nx g @weather/state:server kentucky", "new-state.test.ts"],
  ["npx nx g @weather/state:remove kentucky", "new-state.test.ts"],
  ["docker compose up --build", "compose.test.ts"],
  ["docker compose run --rm client forecast ohio --days 3", "compose.test.ts"],
  ["docker compose up -d --scale ohio-server=4", "compose.test.ts"],
  ["docker compose run --rm client states", "compose.test.ts"],
  ["docker compose down", "compose.test.ts"],
  ["docker compose -f docker-compose.yml -f docker-compose.cluster.yml up --build", "cluster.test.ts"],
]);

describe("the README", () => {
  test("prints commands that work", async ({ vhost, serve }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const here = commands.filter((command) => !elsewhere.has(command));
    expect(here.length).toBeGreaterThan(5);
    for (const command of here) {
      const { status, stderr } = spawnSync(command, {
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

  it("prints no command that is run nowhere, and none that has gone", () => {
    for (const command of elsewhere.keys()) expect(commands).toContain(command);
  });

  it("lists the settings that servers read, as the schema describes them", () => {
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| .*? \| (.*?) *\|$/gm)].map(([, name, meaning]) => [
      name,
      meaning,
    ]);
    const settings = Object.entries(settingsSchema.shape).map(([name, schema]) => [name, schema.description]);
    expect(rows).toEqual(settings);
  });

  it("shows a request that the contract takes", () => {
    for (const block of blocks("json")) expect(() => request.parse(JSON.parse(block))).not.toThrow();
  });
});
