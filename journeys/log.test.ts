import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readable } from "@weather/process/log";
import { pino } from "pino";
import { describe, expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { test } from "./farm.ts";

/** Nx tells the programs that it starts to use colours. */
const uncoloured = (text: string) => text.replaceAll(/\u001b\[\d+m/g, "");

describe("a server's log", () => {
  test("is JSON with ISO time if it is not written to a terminal", async ({ serve }) => {
    const server = await serve("ohio");
    const line = JSON.parse(await server.says("ohio-server answers")) as { time: string; state: string };
    expect(new Date(line.time).toISOString()).toBe(line.time);
    expect(line.state).toBe("ohio");
  });

  test("is for people on a terminal", async ({ vhost, afterwards }) => {
    const terminal = spawn("script", ["-qec", "node apps/ohio-server/dist/main.js", "/dev/null"], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      env: { ...process.env, AMQP_URL: vhost.url },
    });
    afterwards(() => terminal.kill("SIGKILL"));
    let shown = "";
    terminal.stdout.on("data", (chunk) => (shown += String(chunk)));
    await until("it answers", () => shown.includes("ohio-server answers"), 30_000);
    const lines = uncoloured(shown).split("\r\n");
    expect(lines.find((line) => line.includes("answers"))).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: ohio-server answers/,
    );
  });

  test("says in a farm why a request failed, and shows no details of ordinary events", () => {
    let line = "";
    const log = pino({}, { write: (text: string) => (line = text) });
    log.warn({ err: new Error("the model broke") }, "request failed");
    expect(uncoloured(readable(line))).toMatch(/WARN.*: request failed[^]*the model broke/);
    log.info({ startedIn: 5_094 }, "ohio-server answers");
    expect(uncoloured(readable(line))).toMatch(/INFO.*: ohio-server answers$/);
    expect(readable("no JSON")).toBe("no JSON");
  });
});
