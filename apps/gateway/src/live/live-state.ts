import { utcOffset, type FarmReport, type StateName, type Status } from "@weather/contracts";
import type { BrokerFigures } from "./broker-figures.ts";
import type { LiveState, Times } from "./event.ts";

/** A state about which nothing is known yet. */
export const unknownState = (state: StateName): LiveState => ({
  ...{ state, servers: 0, silent: 0, waiting: 0, each: [], reachable: false, inFlight: 0 },
  ...{ answeredPerSecond: null, settledPerSecond: null, wait: null, handler: null },
  ...{ newestObservation: null, deadLetters: null, reportedAt: null },
  utcOffset: utcOffset(state, new Date()),
});

/** @param before the same state in the last event */
export function liveState(
  report: FarmReport,
  before: LiveState,
  now: Date,
  { deadLetters, settled }: BrokerFigures,
): LiveState {
  const { each } = report;
  const minutes = each.map(({ lastMinute }) => lastMinute);
  const days = each.flatMap(({ newestObservation = [] }) => newestObservation);
  const dead = sum(each.map(({ answered }) => answered["dead-lettered"] ?? 0));
  return {
    ...report,
    reachable: true,
    utcOffset: utcOffset(report.state, now),
    inFlight: sum(each.map(({ inFlight, waiting }) => inFlight + waiting)),
    answeredPerSecond: rateOf(each, before, now),
    settledPerSecond: settled.get(report.state) ?? null,
    wait: together(minutes.map(({ answered, wait }) => [answered, wait])),
    handler: together(minutes.map(({ answered, handler }) => [answered, handler])),
    newestObservation: days.sort().at(-1) ?? before.newestObservation,
    deadLetters: each.length === 0 ? null : Math.min(dead, deadLetters ?? Infinity),
    reportedAt: each.length === 0 ? before.reportedAt : now.toISOString(),
  };
}

/** Outcomes in a server's counts that are not answers. */
const unanswered = ["expired", "cancelled", "requeued", "lost", "dead-lettered"];

const answersOf = ({ answered }: Status) =>
  sum(Object.entries(answered).map(([outcome, count]) => (unanswered.includes(outcome) ? 0 : count)));

/** Answers per second of the servers that reported both times. */
function rateOf(each: readonly Status[], { each: earlier, reportedAt }: LiveState, now: Date): number | null {
  const answers = new Map(earlier.map((status) => [status.server, answersOf(status)]));
  const both = each.filter(({ server }) => answers.has(server));
  const seconds = (now.getTime() - Date.parse(reportedAt ?? "")) / 1_000;
  if (both.length === 0 || !(seconds > 0)) return null;
  const more = both.map((status) => Math.max(0, answersOf(status) - (answers.get(status.server) ?? 0)));
  return Math.round((sum(more) / seconds) * 10) / 10;
}

/** The mean of the medians, weighted by the number of answers, and the greatest 99th percentile. */
function together(parts: readonly (readonly [answered: number, times: Times | null])[]): Times | null {
  const known = parts.flatMap(([answered, times]) => (times ? [{ answered, ...times }] : []));
  const answered = sum(known.map((one) => one.answered));
  if (answered === 0) return null;
  const p50 = sum(known.map((one) => one.p50 * one.answered)) / answered;
  return { p50: Number(p50.toPrecision(3)), p99: Math.max(...known.map(({ p99 }) => p99)) };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
