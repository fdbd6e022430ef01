import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const bench = (...words: string[]) =>
  spawnSync("npm", ["run", "-s", "bench", "--", ...words], { cwd: root, encoding: "utf8" });

describe("npm run bench", () => {
  it("measures, checks every reply, and writes tables and JSON", () => {
    const file = join(mkdtempSync(join(tmpdir(), "weather-bench-")), "figures.json");
    const { status, stdout, stderr } = bench("rpc", "--quick", "--json", file);
    expect([status, stderr]).toEqual([0, ""]);
    const { rows } = JSON.parse(readFileSync(file, "utf8")) as { rows: Record<string, unknown>[] };
    for (const { table, ...row } of rows) {
      expect(stdout).toContain(`## ${String(table)}`);
      expect(row["requests/s"]).toBeGreaterThan(0);
      expect(row["wrong"]).toBe(0);
    }
    expect(rows.filter(({ contender }) => contender === "ours")).toHaveLength(6);
  }, 300_000);

  it("knows its suites", () => {
    const { status, stderr } = bench("speed");
    expect(status).toBe(1);
    expect(stderr).toContain("Allowed choices are rpc, forecast, scale, growth, soak, gateway");
  });
});
