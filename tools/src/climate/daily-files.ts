import { readdirSync, readFileSync } from "node:fs";
import { join, parse as pathParts } from "node:path";
import { seriesOf, type DailySeries, type DailyValues } from "./series.ts";
import { parse } from "csv-parse/sync";

/** A table of daily observations as somebody publishes it. */
interface Form {
  /** Columns that tell this form from the others: date, highest and lowest temperature, precipitation. */
  columns: readonly [date: string, high: string, low: string, precipitation: string];
  celsius(value: number): number;
  millimetres(value: number): number;
}

const forms: readonly Form[] = [
  {
    columns: ["date", "tmax_c", "tmin_c", "prcp_mm"],
    celsius: (value) => value,
    millimetres: (value) => value,
  },
  {
    columns: ["date", "tmax_f", "tmin_f", "prcp_in"],
    celsius: (value) => ((value - 32) * 5) / 9,
    millimetres: (value) => value * 25.4,
  },
  // GHCN-Daily by station, www.ncei.noaa.gov/data/global-historical-climatology-network-daily/access: tenths.
  {
    columns: ["DATE", "TMAX", "TMIN", "PRCP"],
    celsius: (value) => value / 10,
    millimetres: (value) => value / 10,
  },
];

/** USCRN daily, www.ncei.noaa.gov/pub/data/uscrn/products/daily01: no header, one file for each station and year. */
const uscrn = /^CRND0103-\d{4}-(.+)\.txt$/;

/**
 * The daily series of a state: every file of the folder with the state's code between separators in its name, as in
 * uscrn_OH_Wooster_3_SSE.csv or CRND0103-2020-OH_Wooster_3_SSE.txt. Files of one station are joined.
 * @throws Error that names the folder, file or column that is missing.
 */
export function readDailyFiles(folder: string, postalCode: string): DailySeries[] {
  const ofState = new RegExp(`[-_]${postalCode}[-_].*\\.(csv|txt)$`);
  const stations = new Map<string, DailyValues[]>();
  for (const file of readFolder(folder).filter((name) => ofState.test(name))) {
    const name = (uscrn.exec(file)?.[1] ?? pathParts(file).name)
      .replaceAll("_", " ")
      .replace(/^uscrn/, "USCRN");
    stations.set(name, [...(stations.get(name) ?? []), ...readDailyFile(join(folder, file))]);
  }
  if (stations.size === 0) {
    throw new Error(
      `${folder}: no daily series of ${postalCode}; expected file names such as uscrn_${postalCode}_Place.csv`,
    );
  }
  return [...stations].map(([name, values]) => seriesOf(name, values));
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw new Error(`cannot read the folder of daily series ${folder}`, { cause: error });
  }
}

function readDailyFile(file: string): DailyValues[] {
  const text = readFileSync(file, "utf8");
  return uscrn.test(pathParts(file).base) ? fromUscrn(text) : fromCsv(file, text);
}

function fromCsv(file: string, text: string): DailyValues[] {
  const rows = parse<Record<string, string>>(text, { columns: true, skip_empty_lines: true, bom: true });
  const has = new Set(Object.keys(rows[0] ?? {}));
  const form = forms.find(({ columns }) => columns.every((column) => has.has(column)));
  if (!form) {
    const expected = forms.map(({ columns }) => columns.join(", ")).join(" or ");
    throw new Error(`${file}: expected the columns ${expected}; it has ${[...has].join(", ") || "none"}`);
  }
  const [date, high, low, precipitation] = form.columns;
  return rows.map((row) => ({
    date: row[date] ?? "",
    high: form.celsius(number(row[high])),
    low: form.celsius(number(row[low])),
    precipitation: form.millimetres(number(row[precipitation])),
  }));
}

/** Columns of CRND0103: 2 is the local date YYYYMMDD, 6 and 7 the highest and lowest temperature, 10 the precipitation. */
function fromUscrn(text: string): DailyValues[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const field = line.trim().split(/\s+/);
      return {
        date: (field[1] ?? "").replace(/(....)(..)(..)/, "$1-$2-$3"),
        high: number(field[5]),
        low: number(field[6]),
        precipitation: number(field[9]),
      };
    });
}

/** USCRN writes a missing value as -9999. */
const number = (field = "") => (field.trim() === "" || Number(field) <= -9999 ? NaN : Number(field));
