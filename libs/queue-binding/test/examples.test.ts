import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { describe, expect } from "vitest";
import { test as base } from "@weather/testing/vitest";

const room = fileURLToPath(new URL("..", import.meta.url));

interface Run {
  readonly child: ChildProcess;
  /** The output and the exit code, once the program has ended. */
  readonly ended: Promise<{ printed: string; code: number | null }>;
}

/** Runs a program of this room against the test's virtual host. */
const test = base.extend<{ run: (file: string) => Run }>({
  run: async ({ vhost, afterwards }, use) => {
    await use((file) => {
      const child = spawn(process.execPath, ["--import", "tsx", file], {
        cwd: room,
        env: { ...process.env, AMQP_URL: vhost.url, FORCE_COLOR: "0" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      afterwards(() => child.kill("SIGKILL"));
      const printed = text(child.stdout);
      const ended = once(child, "exit").then(async ([code]) => ({
        printed: await printed,
        code: code as number | null,
      }));
      return { child, ended };
    });
  },
});

const printed = {
  "batch-questions.ts": "1000 of 1000 answered\n",
  "gathering.ts": /^(?=.*the sports daemon: go Reds\n)(?=.*Cincinnati: Reds again\?\n)/s,
  "dead-letters.ts":
    "the caller hears: { says: 'sorry: given up after 3 tries: the cheerleader fell' }\n" +
    'failed after 3 tries: {"team":"Reds"}\n' +
    "replayed: Reds\n",
  "draining.ts": "the server has ended, and 10 of 10 are answered\n",
};

describe("the examples", () => {
  for (const [file, expected] of Object.entries(printed)) {
    test(`${file} prints what it should`, async ({ run }) => {
      const { printed, code } = await run(`examples/${file}`).ended;
      if (typeof expected === "string") expect(printed).toBe(expected);
      else expect(printed).toMatch(expected);
      expect(code).toBe(0);
    });
  }

  test("sports-daemon.ts answers until SIGTERM, and ends with 0", async ({ run }) => {
    const { child, ended } = run("examples/sports-daemon.ts");
    await once(child.stdout as NodeJS.ReadableStream, "data");
    child.kill("SIGTERM");
    expect(await ended).toEqual({
      printed: "the sports daemon answers\nthe sports daemon has finished\n",
      code: 0,
    });
  });

  test("are all run here", () => {
    const files = readdirSync(`${room}/examples`).filter((file) => file !== "sports.ts");
    expect(files.sort()).toEqual(["sports-daemon.ts", ...Object.keys(printed)].sort());
  });
});

test("the README's program prints what the README says", async ({ run, vhost, afterwards }) => {
  const readme = readFileSync(`${room}/README.md`, "utf8");
  const [, program = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const [, says] = /It prints `(.*?)`/.exec(readme) ?? [];
  const file = `${room}/examples/.readme.mjs`;
  writeFileSync(file, program.replace("amqp://guest:guest@localhost:5672", vhost.url));
  afterwards(() => rmSync(file));
  expect(await run(file).ended).toEqual({ printed: `${says}\n`, code: 0 });
});
