import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { markdownTable } from "markdown-table";
import pidusage from "pidusage";
import { median } from "simple-statistics";
import type { Answered } from "./answered.ts";

/** Cost of a load. CPU is in seconds per 10,000 requests, memory in MB. */
export interface Measured extends Answered {
  client: number;
  /** All servers together. */
  server: number;
  broker: number;
  clientRss: number;
  /** The first server. */
  serverRss: number;
  brokerRss: number;
}

/** Results of a suite: for people as Markdown, for programs as rows of one JSON file. */
export class Report {
  readonly #rows: { table: string; [column: string]: unknown }[] = [];

  /** Requests that were refused, failed, or answered with something else. */
  get wrong(): number {
    return this.#rows.reduce((sum, { wrong }) => sum + Number(wrong ?? 0), 0);
  }

  /**
   * Prints a table.
   *
   * @param rows of equal columns; numbers are rounded in the table, and complete in the JSON. A column `wrong` counts
   */
  table(title: string, command: string, rows: Record<string, string | number>[]): void {
    const columns = Object.keys(rows[0] ?? {});
    const cells = rows.map((row) => columns.map((column) => shown(row[column])));
    console.log(`\n## ${title}\n\n${machine()}; \`npm run bench -- ${command}\`\n`);
    console.log(
      markdownTable([columns, ...cells], { align: columns.map((_, index) => (index ? "r" : "l")) }),
    );
    for (const row of rows) this.#rows.push({ table: title, ...row });
  }

  write(file: string): void {
    writeFileSync(file, `${JSON.stringify({ machine: machine(), rows: this.#rows }, undefined, 2)}\n`);
  }
}

const machine = () =>
  `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node.js ${process.version}, ${new Date().toISOString().slice(0, 10)}`;

/** Rounds to three significant digits. */
function shown(value: string | number | undefined): string {
  if (typeof value !== "number") return value ?? "";
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}

/** CPU seconds that a process has used so far, and its resident memory in MB. */
export async function usage(pid: number): Promise<{ cpu: number; rss: number }> {
  const { ctime, memory } = await pidusage(pid);
  return { cpu: ctime / 1_000, rss: memory / 2 ** 20 };
}

/**
 * Measures contenders in turn, in several rounds, so that a disturbance of the machine affects all of them. Each round begins
 * with another contender. A round before them warms up, and does not count.
 *
 * @returns each contender's rounds
 */
export async function interleaved<Name extends string, Measured>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name) => Promise<Measured>,
): Promise<Record<Name, Measured[]>> {
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Measured[]>;
  for (let round = -1; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + 1 + turn) % names.length] as Name;
      const one = await measure(name);
      if (round >= 0) measured[name].push(one);
    }
  }
  return measured;
}

/** The median of a figure over all rounds. */
export const medianOf = <Measured>(rounds: readonly Measured[], figure: (one: Measured) => number) =>
  median(rounds.map(figure));

/** The median of the ratios within each round. */
export const ratioOf = <Measured>(
  rounds: readonly Measured[],
  to: readonly Measured[],
  figure: (one: Measured) => number,
) => median(rounds.map((one, index) => figure(one) / figure(to[index] as Measured)));

/** Medians of a contender's rounds, and their ratios to another one's. */
export function compared(all: readonly Measured[], base: readonly Measured[], name: string) {
  return {
    "requests/s": medianOf(all, (one) => one.perSecond),
    [`to ${name}`]: ratioOf(all, base, (one) => one.perSecond),
    "p50 ms": medianOf(all, (one) => one.p50),
    [`p50 to ${name}`]: ratioOf(all, base, (one) => one.p50),
    "p99 ms": medianOf(all, (one) => one.p99),
    "client CPU s/10⁴": medianOf(all, (one) => one.client),
    "server CPU s/10⁴": medianOf(all, (one) => one.server),
    "broker CPU s/10⁴": medianOf(all, (one) => one.broker),
    "client RSS MB": medianOf(all, (one) => one.clientRss),
    "server RSS MB": medianOf(all, (one) => one.serverRss),
    wrong: all.reduce((sum, one) => sum + one.wrong, 0),
  };
}
