import type { Day, Forecast } from "@weather/contracts";
import Table from "cli-table3";
import picocolors from "picocolors";
import type { Asked } from "./forecast.ts";
import type { Units } from "./units.ts";

export interface Look {
  units: Units;
  colour: boolean;
}

type Align = "left" | "right";

/** A table without lines: a bold head, columns two spaces apart. */
export function table(columns: [name: string, align: Align][], rows: string[][], colour: boolean): string {
  const { bold } = picocolors.createColors(colour);
  const no = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };
  const lines = new Table({
    head: columns.map(([name]) => bold(name)),
    colAligns: columns.map(([, align]) => align),
    chars: {
      ...no,
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      right: "",
      middle: "  ",
    },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  lines.push(...rows);
  return lines
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Median, and the range in which eight of ten members lie. */
const spread = ({ p10, p50, p90 }: Day["high"], { degrees }: Units) =>
  `${degrees(p50)} (${degrees(p10)} to ${degrees(p90)})`;

const percent = (chance: number) => `${Math.round(chance * 100)} %`;

/** One row per request: the warmest day's high, the coldest night's low, the wettest day's chance. */
export function repliesTable(asked: Asked[], { units, colour }: Look): string {
  const { red, blue, cyan, dim } = picocolors.createColors(colour);
  const rows = asked.map(({ number, state, milliseconds, reply, error }) => {
    const time = milliseconds.toFixed(1);
    if (reply?.outcome !== "forecast") {
      const why = reply ? `refused: ${reply.reason}` : (error?.name ?? "");
      return [String(number), state, red(why), "", "", "", "", "", "", time];
    }
    const { days, station, server } = reply;
    const warmest = days.reduce((one, other) => (other.high.p50 > one.high.p50 ? other : one));
    const coldest = days.reduce((one, other) => (other.low.p50 < one.low.p50 ? other : one));
    const chance = Math.max(...days.map(({ precipitation }) => precipitation.chance));
    return [
      String(number),
      state,
      station.id,
      `${days[0]?.date} to ${days.at(-1)?.date.slice(5)}`,
      red(spread(warmest.high, units)),
      blue(spread(coldest.low, units)),
      cyan(percent(chance)),
      sparkline(days.map(({ high }) => high.p50)),
      dim(server),
      time,
    ];
  });
  const head = table(
    [
      ["#", "right"],
      ["State", "left"],
      ["Station", "left"],
      ["Dates", "left"],
      [`High ${units.temperature} (10–90 %)`, "right"],
      [`Low ${units.temperature} (10–90 %)`, "right"],
      ["Precip.", "right"],
      ["Highs", "left"],
      ["Server", "left"],
      ["ms", "right"],
    ],
    rows,
    colour,
  );
  const note =
    "High of the warmest day, low of the coldest night, chance of precipitation on the wettest day.";
  return `${head}\n${dim(note)}`;
}

/** One row per day of one forecast. */
export function daysTable(forecast: Forecast, milliseconds: number, { units, colour }: Look): string {
  const { red, blue, cyan, dim, bold } = picocolors.createColors(colour);
  const { days, station, model, server } = forecast;
  const coldest = Math.min(...days.map(({ low }) => low.p10));
  const warmest = Math.max(...days.map(({ high }) => high.p90));
  const rows = days.map((day) => [
    weekday(day.date),
    day.date,
    day.summary,
    blue(spread(day.low, units)),
    rangeBar(day, coldest, warmest),
    red(spread(day.high, units)),
    cyan(percent(day.precipitation.chance)),
    `${units.amount(day.precipitation.mean)} (${units.amount(day.precipitation.p90)})`,
  ]);
  const body = table(
    [
      ["", "left"],
      ["Date", "left"],
      ["Summary", "left"],
      [`Low ${units.temperature} (10–90 %)`, "right"],
      ["Range", "left"],
      [`High ${units.temperature} (10–90 %)`, "right"],
      ["Precip.", "right"],
      [`Mean (90 %) ${units.precipitation}`, "right"],
    ],
    rows,
    colour,
  );
  const where = `${station.name} (${station.id}), ${forecast.state}`;
  const how = `${model.name}, ${model.members} members, seed ${model.seed}; ${server} in ${milliseconds.toFixed(1)} ms`;
  return `${bold(where)}\n${body}\n${dim(how)}\n`;
}

const weekday = (date: string) =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString("en-US", { weekday: "short", timeZone: "UTC" });

const steps = "▁▂▃▄▅▆▇█";

/** Values as bars of eight heights, the least to the greatest. */
export function sparkline(values: number[]): string {
  const least = Math.min(...values);
  const range = Math.max(...values) - least || 1;
  return values.map((value) => steps[Math.round(((value - least) / range) * 7)]).join("");
}

const barWidth = 20;

/** The day's temperatures on a common scale: medians of low to high full, the 10–90 % range around them light. */
export function rangeBar({ low, high }: Day, coldest: number, warmest: number): string {
  const cell = (value: number) => Math.round(((value - coldest) / (warmest - coldest || 1)) * (barWidth - 1));
  return Array.from({ length: barWidth }, (_, index) => {
    if (index >= cell(low.p50) && index <= cell(high.p50)) return "█";
    return index >= cell(low.p10) && index <= cell(high.p90) ? "░" : " ";
  }).join("");
}
