import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { test } from "./farm.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const data = join(root, "../shared/weather-data");

/** A copy of the workspace, like a clone with its packages installed. */
const copy = mkdtempSync(join(tmpdir(), "weather-states-"));

async function run(command: string, words: string[], environment: NodeJS.ProcessEnv = {}) {
  return promisify(execFile)(command, words, { cwd: copy, env: { ...process.env, ...environment } }).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      throw new Error(`${command} ${words.join(" ")}\n${stdout}\n${stderr}`);
    },
  );
}

describe("a workspace with three states more", () => {
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)("git", ["ls-files", "-co", "--exclude-standard"], {
      cwd: root,
    });
    for (const file of stdout.trim().split("\n")) {
      if (existsSync(join(root, file)))
        cpSync(
          join(root, file),
          join(copy, dirname(file), file.slice(dirname(file) === "." ? 0 : dirname(file).length + 1)),
        );
    }
    // Hard links: the packages are a quarter of a gigabyte, and nobody writes to them.
    const { stdout: packages } = await promisify(execFile)("find", [".", "-name", "node_modules", "-prune"], {
      cwd: root,
    });
    for (const folder of packages
      .trim()
      .split("\n")
      .filter((path) => !path.includes("/dist/"))) {
      await run("cp", ["-al", join(root, folder), join(copy, folder)]);
    }
    const fitted = existsSync(data)
      ? ["--daily", join(data, "daily"), "--normals", join(data, "normals.json")]
      : [];
    await run("npm", ["run", "new-state", "--", "kentucky", ...fitted]);
    await run("npm", ["run", "new-state", "--", "North Carolina", ...fitted]);
    await run("npx", ["nx", "g", "@weather/state:server", "WV"]);
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  const asItIs = () =>
    run("git", ["hash-object", "package-lock.json", "docker-compose.yml", "libs/contracts/asyncapi.yaml"]);

  test("shows with --dry-run what a fourth would write, and writes nothing", async () => {
    const before = await asItIs();
    const { stdout } = await run("npx", ["nx", "g", "@weather/state:server", "indiana", "--dry-run"]);
    expect(stripVTControlCharacters(stdout)).toMatch(
      /CREATE apps\/indiana-server\/src\/main\.ts[^]*UPDATE docker-compose\.yml/,
    );
    expect(await asItIs()).toEqual(before);
    expect(existsSync(join(copy, "apps/indiana-server"))).toBe(false);
  });

  test("is undone by remove, as if it had not been", async () => {
    const before = await asItIs();
    await run("npx", ["nx", "g", "@weather/state:server", "indiana"]);
    await run("npx", ["nx", "g", "@weather/state:remove", "indiana"]);
    expect(await asItIs()).toEqual(before);
    expect(existsSync(join(copy, "apps/indiana-server"))).toBe(false);
  });

  test("passes the type check, and the lint of what is new", async () => {
    const fresh = ["kentucky", "north-carolina", "west-virginia"].map((state) => `@weather/${state}-server`);
    const whoNamesStates = ["@weather/contracts", "@weather/client", "@weather/tools"];
    const target = (name: string, projects: string[]) =>
      run("npx", ["nx", "run-many", "-t", name, "-p", projects.join(), "--output-style=static"]);
    await target("typecheck", [...fresh, ...whoNamesStates]);
    await target("lint", fresh);
    await run("npx", ["prettier", "--check", "."]);
  }, 300_000);

  test("keeps its lockfile in step: npm ci would install the new apps", async () => {
    const { stdout } = await run("npm", ["ci", "--dry-run"]);
    expect(stdout).toContain("@weather/west-virginia-server");
  });

  test("starts all farms, and each answers ten times", async ({ vhost }) => {
    const { stdout } = await run("npm", ["start"], { AMQP_URL: vhost.url });
    expect(stdout).toContain(
      "50 of 50 answered: ohio 10, virginia 10, kentucky 10, north-carolina 10, west-virginia 10",
    );
  });
});
