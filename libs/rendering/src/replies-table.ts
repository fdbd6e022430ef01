import type { Day, Reply, UnitSystem } from "@weather/contracts";
import { shortSpread, spread } from "./day.ts";
import { figuresIn, percent, type Figures } from "./figures.ts";
import { note } from "./frame.ts";
import { sparkline } from "./sparkline.ts";
import { columnsFor, table, type Layout, type Screen } from "./table.ts";

/** One request and its outcome. */
export interface Asked<Answer = Reply> {
  /** Number of the request, from 1, in the order of asking. */
  readonly number: number;
  readonly state: string;
  /** Time until the answer came, in milliseconds. */
  readonly milliseconds: number;
  readonly reply?: Answer;
  readonly error?: Error;
}

/** A table with a row for each request: the warmest day's high, the coldest night's low, the wettest day's chance. */
export function repliesTable(asked: readonly Asked[], units: UnitSystem, screen: Screen): string {
  const asksRisk = asked.some(({ reply }) => reply?.outcome === "risk");
  const text = asksRisk
    ? "Risk that the condition holds on at least one of the days."
    : "High of the warmest day, low of the coldest night, chance of precipitation on the wettest day.";
  const body = table(asked.map(rowOf), layoutsOf(figuresIn(units), asksRisk), screen);
  return `${body}\n${note(text, screen)}`;
}

interface Row {
  readonly number: string;
  readonly state: string;
  readonly milliseconds: string;
  /** Why there is no answer. */
  readonly trouble?: string;
  readonly station?: string;
  readonly server?: string;
  readonly first?: string;
  readonly last?: string;
  readonly high?: Day["high"];
  readonly low?: Day["low"];
  readonly chance?: string;
  readonly days?: string;
}

function rowOf({ number, state, milliseconds, reply, error }: Asked): Row {
  const row = { number: String(number), state, milliseconds: milliseconds.toFixed(1) };
  if (!reply) return { ...row, trouble: error?.name ?? "" };
  if (reply.outcome === "refused") return { ...row, trouble: `refused: ${reply.reason}` };
  const { station, server, days } = reply;
  const from = { station: station.id, server, first: days[0]?.date ?? "", last: days.at(-1)?.date ?? "" };
  if (reply.outcome === "forecast") return { ...row, ...from, ...extremes(reply.days) };
  const chances = reply.days.map(({ chance }) => chance);
  return { ...row, ...from, chance: percent(reply.chance), days: sparkline(chances) };
}

function extremes(days: readonly Day[]) {
  return {
    high: days.map(({ high }) => high).reduce((one, other) => (other.p50 > one.p50 ? other : one)),
    low: days.map(({ low }) => low).reduce((one, other) => (other.p50 < one.p50 ? other : one)),
    chance: percent(Math.max(...days.map(({ precipitation: { chance } }) => chance))),
    days: sparkline(days.map(({ high }) => high.p50)),
  };
}

function layoutsOf(figures: Figures, asksRisk: boolean): [Layout<Row>, ...Layout<Row>[]] {
  const { text, figure } = columnsFor<Row>();
  const number = figure("#", ({ number }) => number);
  const state = text("State", ({ state }) => state, { least: 8 });
  const station = text("Station", ({ station = "" }) => station);
  /** Shows an error in the row if there is room, else below the row. */
  const stationOrTrouble = text("Station", ({ station = "", trouble = station }) => trouble, {
    style: ({ trouble }) => (trouble === undefined ? "plain" : "red"),
  });
  const below = ({ trouble }: Row) => (trouble === undefined ? [] : [trouble]);
  const dates = text("Dates", ({ first, last }) => (first && last ? `${first} to ${last.slice(5)}` : ""));
  const from = text("From", ({ first }) => first?.slice(5) ?? "");
  const server = text("Server", ({ server = "" }) => server, { style: "dim" });
  const time = figure("ms", ({ milliseconds }) => milliseconds);
  const shortTime = figure("ms", ({ milliseconds }) => Number(milliseconds).toFixed(0));
  const chance = figure(asksRisk ? "Risk" : "Precip.", ({ chance = "" }) => chance, { style: "cyan" });
  const days = text(asksRisk ? "Days" : "Highs", ({ days = "" }) => days);
  const { temperature, degrees } = figures;
  /** Columns that a risk does not have. */
  const extremes = (range: string, written: (value: Day["high"]) => string) => {
    if (asksRisk) return [];
    const shown = (value: Day["high"] | undefined) => (value === undefined ? "" : written(value));
    return [
      figure(`High ${temperature}${range}`, ({ high }) => shown(high), { style: "red" }),
      figure(`Low ${temperature}${range}`, ({ low }) => shown(low), { style: "blue" }),
    ];
  };
  const ranges = extremes(" (10–90 %)", (value) => spread(value, figures));
  const shortRanges = extremes("", (value) => shortSpread(value, figures));
  const medians = extremes("", ({ p50 }) => degrees(p50));
  return [
    { columns: [number, state, stationOrTrouble, dates, ...ranges, chance, days, server, time] },
    // 120 columns
    { columns: [number, state, station, dates, ...ranges, chance, days, time], below },
    { columns: [number, state, station, from, ...shortRanges, chance, days, shortTime], below },
    // 80 columns
    { columns: [number, state, from, ...shortRanges, chance, days, shortTime], below },
    // 60 columns
    { columns: [number, state, from, ...medians, chance, days], below },
  ];
}
