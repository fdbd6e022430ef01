import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import brokerForTests from "@weather/testing/broker";
import type { Account } from "./load.ts";

/** One fault, and the counts of the requests during it. */
interface Row extends Account {
  /** Which part of the matrix. */
  part: string;
  fault: string;
}

const folder = fileURLToPath(new URL("../../.cache/", import.meta.url));
const file = `${folder}faults.jsonl`;
const document = new URL("../../docs/reliability.md", import.meta.url);

/** Writes a row to a file, because every part of the matrix runs in another process. */
export function write(row: Row): void {
  appendFileSync(file, `${JSON.stringify(row)}\n`);
}

const parts = [
  "broker",
  "line",
  "server",
  "client",
  "message",
  "hostile",
  "stopping",
  "weather service",
  "observations",
];

/** The rows as a table in Markdown, by parts. */
function table(rows: Row[]): string {
  const head = ["Part", "Fault", "Requests", "Answered", "Refused", "Failed with", "Lost", "Longest pause"];
  const cells = rows
    .toSorted((one, other) => parts.indexOf(one.part) - parts.indexOf(other.part))
    .map(({ part, fault, sent, answered, refused, failed, lost, pause }) => {
      const errors = Object.entries(failed).map(([name, count]) => `${name} ${count}`);
      const longest = pause === 0 ? "–" : `${(pause / 1_000).toFixed(2)} s`;
      return [part, fault, sent, answered, refused, errors.join(", ") || "–", lost, longest];
    });
  const line = (columns: unknown[]) => `| ${columns.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...cells.map(line)].join("\n");
}

/** vitest's global set-up: a broker for the parts that do not break it, and at the end the matrix. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, "");
  const stop = await brokerForTests(project);
  return async () => {
    await stop();
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const rows = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Row);
    const matrix = table(rows);
    console.log(`\n${matrix}\n`);
    if (!process.env["FAULTS_WRITE"]) return;
    const text = readFileSync(document, "utf8");
    const between = /(<!-- matrix -->\n).*?(\n<!-- \/matrix -->)/s;
    writeFileSync(
      document,
      text.replace(between, (_, before, after) => `${before}\n${matrix}\n${after}`),
    );
  };
}
