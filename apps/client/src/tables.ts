import { isEnsemble, type EnsembleDay, type Forecast, type Risk, type SingleDay } from "@weather/contracts";
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

type Day = EnsembleDay | SingleDay;

/** The value to show first: the median, or the only one; nothing where none is known. */
const middle = (value: Day["high"]) => value && ("p50" in value ? value.p50 : value.value);

/** Median and the range in which eight of ten members lie, or the only value. */
function spread(value: Day["high"], { degrees }: Units): string {
  if (!value) return "–";
  if ("value" in value) return degrees(value.value);
  return `${degrees(value.p50)} (${degrees(value.p10)} to ${degrees(value.p90)})`;
}

const percent = (chance: number | undefined) =>
  chance === undefined ? "–" : `${Math.round(chance * 100)} %`;

const greatest = (values: (number | undefined)[]) => {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
};

/** One row per request: the warmest day's high, the coldest night's low, the wettest day's chance. */
export function repliesTable(asked: Asked[], { units, colour }: Look): string {
  const { red, blue, cyan, dim } = picocolors.createColors(colour);
  const rows = asked.map(({ number, state, milliseconds, reply, error }) => {
    const time = milliseconds.toFixed(1);
    if (!reply || reply.outcome === "refused") {
      const why = reply ? `refused: ${reply.reason}` : (error?.name ?? "");
      return [String(number), state, red(why), "", "", "", "", "", "", time];
    }
    const { station, server } = reply;
    const dates = `${reply.days[0]?.date} to ${reply.days.at(-1)?.date.slice(5)}`;
    if (reply.outcome === "risk") {
      const chance = cyan(percent(reply.chance));
      const chances = sparkline(reply.days.map((day) => day.chance));
      return [String(number), state, station.id, dates, "", "", chance, chances, dim(server), time];
    }
    const days: Day[] = reply.days;
    const warmest = days.reduce((one, other) =>
      (middle(other.high) ?? -Infinity) > (middle(one.high) ?? -Infinity) ? other : one,
    );
    const coldest = days.reduce((one, other) =>
      (middle(other.low) ?? Infinity) < (middle(one.low) ?? Infinity) ? other : one,
    );
    return [
      String(number),
      state,
      station.id,
      dates,
      red(spread(warmest.high, units)),
      blue(spread(coldest.low, units)),
      cyan(percent(greatest(days.map(({ precipitation }) => precipitation.chance)))),
      sparkline(days.map(({ high }) => middle(high))),
      dim(server),
      time,
    ];
  });
  const asksRisk = asked.some(({ reply }) => reply?.outcome === "risk");
  const head = table(
    [
      ["#", "right"],
      ["State", "left"],
      ["Station", "left"],
      ["Dates", "left"],
      [`High ${units.temperature} (10–90 %)`, "right"],
      [`Low ${units.temperature} (10–90 %)`, "right"],
      [asksRisk ? "Risk" : "Precip.", "right"],
      [asksRisk ? "Days" : "Highs", "left"],
      ["Server", "left"],
      ["ms", "right"],
    ],
    rows,
    colour,
  );
  const note = asksRisk
    ? "Risk that the condition holds on at least one of the days."
    : "High of the warmest day, low of the coldest night, chance of precipitation on the wettest day.";
  return `${head}\n${dim(note)}`;
}

/** One row per day of one forecast. */
export function daysTable(forecast: Forecast, milliseconds: number, { units, colour }: Look): string {
  const { red, blue, cyan } = picocolors.createColors(colour);
  const scale = isEnsemble(forecast) ? scaleOf(forecast.days) : undefined;
  const rows = forecast.days.map((day: Day) => [
    weekday(day.date),
    day.date,
    day.summary,
    blue(spread(day.low, units)),
    scale ? rangeBar(day as EnsembleDay, scale) : "",
    red(spread(day.high, units)),
    cyan(percent(day.precipitation.chance)),
    amount(day, units),
  ]);
  const range = scale ? " (10–90 %)" : "";
  const body = table(
    [
      ["", "left"],
      ["Date", "left"],
      ["Summary", "left"],
      [`Low ${units.temperature}${range}`, "right"],
      [scale ? "Range" : "", "left"],
      [`High ${units.temperature}${range}`, "right"],
      ["Precip.", "right"],
      [`${scale ? "Mean (90 %) " : ""}${units.precipitation}`, "right"],
    ],
    rows,
    colour,
  );
  const { model } = forecast;
  const made = model.name === "nws" ? `National Weather Service, ${model.updatedAt}` : ensembleName(model);
  return framed(forecast, body, made, milliseconds, colour);
}

/** One row per day of one risk, and the whole period. */
export function riskTable(risk: Risk, milliseconds: number, { colour }: Look): string {
  const { cyan, bold } = picocolors.createColors(colour);
  const { of, above, below } = risk.threshold;
  const unit = of === "precipitation" ? "mm" : "°C";
  const rows = risk.days.map((day) => [weekday(day.date), day.date, cyan(percent(day.chance))]);
  rows.push(["", "any day", bold(cyan(percent(risk.chance)))]);
  const condition = above === undefined ? `${of} < ${below} ${unit}` : `${of} > ${above} ${unit}`;
  const body = table(
    [
      ["", "left"],
      ["Date", "left"],
      [condition, "right"],
    ],
    rows,
    colour,
  );
  return framed(risk, body, ensembleName(risk.model), milliseconds, colour);
}

function ensembleName({ name, members, seed, borrowed }: Risk["model"]): string {
  const whose = borrowed === undefined ? "" : ` with the climate of ${borrowed}`;
  return `${name}${whose}, ${members} members, seed ${seed}`;
}

/** A table between its place above and its origin below. */
function framed(
  { station, state, server }: Forecast | Risk,
  body: string,
  made: string,
  milliseconds: number,
  colour: boolean,
): string {
  const { bold, dim } = picocolors.createColors(colour);
  const origin = `${made}; ${server} in ${milliseconds.toFixed(1)} ms`;
  return `${bold(`${station.name} (${station.id}), ${state}`)}\n${body}\n${dim(origin)}\n`;
}

function amount({ precipitation }: Day, { amount }: Units): string {
  if ("mean" in precipitation) return `${amount(precipitation.mean)} (${amount(precipitation.p90)})`;
  return precipitation.amount === undefined ? "–" : amount(precipitation.amount);
}

const weekday = (date: string) =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString("en-US", { weekday: "short", timeZone: "UTC" });

const steps = "▁▂▃▄▅▆▇█";

/** Values as bars of eight heights, the least to the greatest; a gap where a value is not known. */
export function sparkline(values: (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  const least = Math.min(...known);
  const range = Math.max(...known) - least || 1;
  return values
    .map((value) => (value === undefined ? " " : steps[Math.round(((value - least) / range) * 7)]))
    .join("");
}

interface Scale {
  coldest: number;
  warmest: number;
}

const scaleOf = (days: EnsembleDay[]): Scale => ({
  coldest: Math.min(...days.map(({ low }) => low.p10)),
  warmest: Math.max(...days.map(({ high }) => high.p90)),
});

const barWidth = 20;

/** The day's temperatures on a common scale: from median low to median high full, the 10–90 % range around them light. */
export function rangeBar({ low, high }: EnsembleDay, { coldest, warmest }: Scale): string {
  const cell = (value: number) => Math.round(((value - coldest) / (warmest - coldest || 1)) * (barWidth - 1));
  return Array.from({ length: barWidth }, (_, index) => {
    if (index >= cell(low.p50) && index <= cell(high.p50)) return "█";
    return index >= cell(low.p10) && index <= cell(high.p90) ? "░" : " ";
  }).join("");
}
