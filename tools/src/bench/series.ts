import type { PrivateBroker } from "@weather/testing";
import { Testbed } from "./testbed.ts";
import type { Workload } from "./load.ts";
import type { Measured, Report } from "./measured.ts";

/** The columns of a table, by their heads. */
const columns = {
  "requests/s": "perSecond",
  "p50 ms": "p50",
  "p99 ms": "p99",
  "longest time without an answer, ms": "pause",
  "client CPU s/10⁴": "client",
  "servers CPU s/10⁴": "server",
  "broker CPU s/10⁴": "broker",
  "client RSS MB": "clientRss",
  "server RSS MB": "serverRss",
  "broker RSS MB": "brokerRss",
} satisfies Record<string, keyof Measured>;

type Column = keyof typeof columns;
type Row = Record<string, string | number>;

/** Several cases that one testbed measures one after the other: a table with a row for each. */
interface Series<Case extends Row> {
  title: string;
  suite: string;
  /** The cases, one for each row. Their fields are the first columns. Rows are sorted by the first column. */
  cases: readonly Case[];
  /** Prepares the testbed for a case. */
  prepare: (testbed: Testbed, one: Case) => Promise<unknown>;
  load: (one: Case) => Workload;
  /** Seconds of the same load that do not count. @default 0 */
  warmUp?: number;
  shows: readonly Column[];
  /** Cases with the same result are compared: the column "to one" has the ratio of requests per second to the first of them. */
  comparedBy?: (one: Case) => unknown;
  /** What is measured with the same servers after the table. */
  after?: (testbed: Testbed) => Promise<void>;
}

/** Measures a series, on a testbed of its own. */
export async function measureSeries<Case extends Row>(
  broker: PrivateBroker,
  report: Report,
  series: Series<Case>,
): Promise<void> {
  const { title, suite, cases, prepare, load, warmUp = 0, shows, comparedBy, after } = series;
  const testbed = await Testbed.start(broker, title.replaceAll(/\W+/g, "-"));
  const first = new Map<unknown, number>();
  const rows: Row[] = [];
  for (const one of cases) {
    await prepare(testbed, one);
    const { count: _, ...ask } = load(one);
    if (warmUp > 0) await testbed.client.ask({ ...ask, seconds: warmUp });
    const measured = await testbed.measure(load(one));
    const row: Row = { ...one };
    for (const column of shows) {
      row[column] = measured[columns[column]];
      if (column !== "requests/s" || !comparedBy) continue;
      const group = comparedBy(one);
      if (!first.has(group)) first.set(group, measured.perSecond);
      row["to one"] = measured.perSecond / (first.get(group) ?? NaN);
    }
    rows.push({ ...row, wrong: measured.wrong });
  }
  const [by = ""] = Object.keys(cases[0] ?? {});
  report.table(
    title,
    suite,
    rows.toSorted((one, other) => Number(one[by]) - Number(other[by])),
  );
  await after?.(testbed);
  await testbed.stop();
}

/** Every pair of two lists; the second changes first. */
export const pairs = <One, Other>(ones: readonly One[], others: readonly Other[]): [One, Other][] =>
  ones.flatMap((one) => others.map((other): [One, Other] => [one, other]));
