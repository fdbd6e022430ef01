import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { test } from "./farm.ts";

// Tests the library as its users get it: packed, installed into an empty project, and used.

const lib = fileURLToPath(new URL("../libs/queue-binding", import.meta.url));
const readme = readFileSync(join(lib, "README.md"), "utf8");
const [, program = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
const folder = mkdtempSync(join(tmpdir(), "weather-package-"));
const project = join(folder, "project");
let tarball = "";

/** The version of a package in this workspace. */
const pinned = (name: string) => {
  const manifest = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8");
  return `${name}@${(JSON.parse(manifest) as { version: string }).version}`;
};

/** @returns what it printed @throws with both outputs if it fails */
async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { cwd, env: { ...process.env, FORCE_COLOR: "0" } }))
      .stdout;
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    throw new Error(`${command} ${args.join(" ")}: exit ${code}\n${stdout}${stderr}`);
  }
}

beforeAll(async () => {
  await run(lib, "npm", "run", "-s", "build");
  const packed = await run(join(lib, "dist"), "npm", "pack", "--json", "--pack-destination", folder);
  tarball = join(folder, (JSON.parse(packed) as [{ filename: string }])[0].filename);
  await run(folder, "mkdir", "-p", "project/src");
  writeFileSync(join(project, "package.json"), '{ "name": "fan", "private": true, "type": "module" }\n');
  const packages = [tarball, ...["zod", "typescript", "@types/node"].map(pinned)];
  await run(project, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", ...packages);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

test("asks and answers in plain JavaScript, in an empty project, beside the farm of Ohio", async ({
  vhost,
  serve,
}) => {
  await serve("ohio");
  writeFileSync(join(project, "plain.js"), program.replace("amqp://guest:guest@localhost:5672", vhost.url));
  expect(await run(project, "node", "plain.js")).toBe("{ says: 'go Reds' }\n");
});

test("asks and answers in CommonJS, and with schemas that come from no library", async ({ vhost }) => {
  const [, body = ""] = program.split('import * as z from "zod";');
  const schema = (field: string) => `{ "~standard": { version: 1, vendor: "fan", validate: (value) =>
    typeof value.${field} === "string" ? { value } : { issues: [{ message: "no ${field}" }] } } }`;
  const own = body
    .replace("amqp://guest:guest@localhost:5672", vhost.url)
    .replace("z.strictObject({ team: z.string() })", schema("team"))
    .replace("z.strictObject({ says: z.string() })", schema("says"));
  const common = `const { connect } = require("@weather/queue-binding");\n(async () => {${own}})();\n`;
  writeFileSync(join(project, "common.cjs"), common);
  expect(await run(project, "node", "common.cjs")).toBe("{ says: 'go Reds' }\n");
});

test("compiles under strict TypeScript, for Node.js and for bundlers; a wrong field does not", async ({
  vhost,
}) => {
  const file = join(project, "src/strict.ts");
  const right = program.replace("amqp://guest:guest@localhost:5672", vhost.url);
  const tsc = (code: string, ...options: string[]) => {
    writeFileSync(file, code);
    const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
    const to = ["--target", "es2023", "--types", "node", "--outDir", "built", "--ignoreConfig"];
    return run(project, "npx", "tsc", "src/strict.ts", ...strict, ...to, ...options);
  };
  await tsc(right, "--module", "esnext", "--moduleResolution", "bundler");
  await tsc(right, "--module", "nodenext", "--moduleResolution", "nodenext");
  expect(await run(project, "node", "built/strict.js")).toBe("{ says: 'go Reds' }\n");
  const wrong = right.replace('{ team: "Reds" }', '{ teem: "Reds" }');
  await expect(tsc(wrong, "--module", "nodenext")).rejects.toThrow(/'teem' does not exist/);
});

it("packs only what is needed", async () => {
  const files = (await run(folder, "tar", "-tzf", tarball)).trim().split("\n");
  const others = files.filter((file) => !/\.(js|js\.map|d\.ts)$/.test(file));
  expect(others.sort()).toEqual(["package/LICENSE", "package/README.md", "package/package.json"]);
  expect(files.filter((file) => file.includes("test"))).toEqual([]);
});

it("is a package as npm and TypeScript expect it, once it is not private any more", async () => {
  const here = fileURLToPath(new URL(".", import.meta.url));
  expect(await run(here, "npx", "--no-install", "publint", "run", tarball, "--strict")).toContain(
    "All good!",
  );
  await run(here, "npx", "--no-install", "attw", tarball, "--profile", "esm-only");

  await run(folder, "tar", "-xzf", tarball);
  const manifest = join(folder, "package/package.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/ {2}"private": true,\n/, ""));
  const publish = ["publish", "--dry-run", "--access", "public", "--loglevel", "warn"];
  const { stderr } = await promisify(execFile)("npm", publish, { cwd: join(folder, "package") });
  expect(stderr.replace(/^npm warn (publish )?This command requires you to be logged in.*\n/m, "")).toBe("");
});

it("has API documentation without a warning: every export is documented, and every call names its errors", async () => {
  await run(lib, "npm", "run", "-s", "api");
  const page = (name: string) => readFileSync(join(lib, ".cache/api", name), "utf8").replace(/<[^>]*>/g, "");
  expect(page("interfaces/Broker.html")).toContain("NoServersError if no queue takes the request");
  for (const name of ["Broker", "DeadLetters"])
    expect(page(`interfaces/${name}.html`)).not.toContain("__namedParameters");
  expect(page("index.html")).toContain("Typed request and reply over RabbitMQ");
});
