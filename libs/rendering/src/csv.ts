import { unitsOf, type Day, type Forecast, type Reply, type Risk, type UnitSystem } from "@weather/contracts";
import { clean } from "./clean.ts";
import { percentiles } from "./figures.ts";

type Cell = string | number | undefined;

/**
 * An answer as CSV (RFC 4180): a head, a row for each day, CRLF at the end of each line. A field without a value is empty.
 *
 * @param units units of the figures. The head names them
 */
export function csv(reply: Exclude<Reply, { outcome: "refused" }>, units: UnitSystem): string {
  const rows = reply.outcome === "risk" ? ofRisk(reply) : ofForecast(reply, units);
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function ofForecast({ station, days }: Forecast, units: UnitSystem): Cell[][] {
  const { temperature, precipitation: water } = unitsOf[units];
  const names = (name: string) => percentiles.map((each) => `${name} ${each} ${temperature.symbol}`);
  const degrees = (spread: Day["high"]): Cell[] =>
    percentiles.map((each) => {
      const value = spread[each];
      return value === undefined ? undefined : hundredths(temperature.fromMetric(value));
    });
  const amount = (millimetres: number) => hundredths(water.fromMetric(millimetres));
  const amounts = [`precipitation mean ${water.symbol}`, `precipitation p90 ${water.symbol}`];
  return [
    ["station", "date", ...names("high"), ...names("low"), "precipitation chance", ...amounts, "summary"],
    ...days.map(({ date, high, low, precipitation: { chance, mean, p90 }, summary }): Cell[] => [
      station.id,
      date,
      ...degrees(high),
      ...degrees(low),
      chance,
      amount(mean),
      amount(p90),
      summary,
    ]),
  ];
}

const ofRisk = ({ station, days, chance }: Risk): Cell[][] => [
  ["station", "date", "chance"],
  ...days.map((day): Cell[] => [station.id, day.date, day.chance]),
  [station.id, "any day", chance],
];

const hundredths = (value: number) => Math.round(value * 100) / 100 + 0;

/** A text that a spreadsheet would take for a formula gets an apostrophe (OWASP, "CSV Injection"). */
function cell(value: Cell): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = clean(value);
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
