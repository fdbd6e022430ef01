import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, parse as pathParts } from "node:path";
import { parse } from "csv-parse/sync";
import { usStates, type Place } from "../us-states.ts";
import { celsius, millimetres } from "./airport.ts";
import { seriesOf, type DailySeries, type DailyValues } from "./series.ts";
import { placeOf } from "./uscrn-stations.ts";

/** The daily series of a station. The file name gives the state and the station. */
export interface StationSeries extends DailySeries {
  /** Such as OH_Wooster_3_SSE. */
  station: string;
  /** Postal code of the state that it stands in. */
  state: string;
  place: Place;
  /** Whether the place is that of the state's capital, because the station's is not known. */
  placeGuessed: boolean;
}

/** A published format of daily observations. */
interface Form {
  /** Columns by which this format is recognized: date, highest and lowest temperature, precipitation. */
  columns: readonly [date: string, high: string, low: string, precipitation: string];
  celsius(value: number): number;
  millimetres(value: number): number;
}

const same = (value: number) => value;
const tenths = (value: number) => value / 10;

const forms: readonly Form[] = [
  { columns: ["date", "tmax_c", "tmin_c", "prcp_mm"], celsius: same, millimetres: same },
  { columns: ["date", "tmax_f", "tmin_f", "prcp_in"], celsius, millimetres },
  // GHCN-Daily by station, www.ncei.noaa.gov/data/global-historical-climatology-network-daily/access: tenths.
  { columns: ["DATE", "TMAX", "TMIN", "PRCP"], celsius: tenths, millimetres: tenths },
];

/** USCRN daily, www.ncei.noaa.gov/pub/data/uscrn/products/daily01: no header, one file for each station and year. */
const uscrn = /^CRND0103-\d{4}-(.+)$/;
const named = /[-_](([A-Z]{2})_\w*)\.(csv|txt)$/;

/**
 * The daily series of all stations in some folders or files. A file is read if its name has a state's code between
 * separators, as in uscrn_OH_Wooster_3_SSE.csv or CRND0103-2020-OH_Wooster_3_SSE.txt. Files of one station are joined.
 * @param states Postal codes of the states whose files are read. @default all
 * @throws Error that names the folder, file or column that is missing.
 */
export function readDailyFiles(paths: readonly string[], states?: readonly string[]): StationSeries[] {
  const stations = new Map<string, { state: string; name: string; values: DailyValues[]; place?: Place }>();
  for (const file of paths.flatMap(filesOf)) {
    const { base, name } = pathParts(file);
    const [, station = "", state = ""] = named.exec(base) ?? [];
    if (!usStates.some(({ code }) => code === state) || (states && !states.includes(state))) continue;
    const { values, place } = readDailyFile(file);
    const before = stations.get(station);
    stations.set(station, {
      state,
      name: (uscrn.exec(name)?.[1] ?? name).replaceAll("_", " ").replace(/^uscrn/, "USCRN"),
      values: [...(before?.values ?? []), ...values],
      ...(place && { place }),
    });
  }
  if (stations.size === 0) {
    const [code = "OH"] = states ?? [];
    throw new Error(
      `${paths.join(", ")}: no daily series${states ? ` of ${states.join(" or ")}` : ""}; expected file names such as uscrn_${code}_Place.csv`,
    );
  }
  return [...stations].map(([station, { state, name, values, place }]) => ({
    ...seriesOf(name, values),
    station,
    state,
    ...(place ? { place, placeGuessed: false } : placeOf(station, state)),
  }));
}

function filesOf(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false }))
    throw new Error(`cannot read the daily series ${path}: no such folder or file`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .map((file) => join(path, file));
}

function readDailyFile(file: string): { values: DailyValues[]; place?: Place | undefined } {
  const text = readFileSync(file, "utf8");
  return uscrn.test(pathParts(file).name) ? fromUscrn(text) : { values: fromCsv(file, text) };
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

/**
 * Columns of CRND0103: 2 is the local date YYYYMMDD, 4 and 5 longitude and latitude, 6 and 7 the highest and lowest
 * temperature, 10 the precipitation.
 */
function fromUscrn(text: string): { values: DailyValues[]; place: Place } {
  const rows = text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.trim().split(/\s+/));
  const values = rows.map((field) => ({
    date: (field[1] ?? "").replace(/(....)(..)(..)/, "$1-$2-$3"),
    high: number(field[5]),
    low: number(field[6]),
    precipitation: number(field[9]),
  }));
  return { values, place: { longitude: number(rows[0]?.[3]), latitude: number(rows[0]?.[4]) } };
}

/** USCRN writes a missing value as -9999. */
const number = (field = "") => (field.trim() === "" || Number(field) <= -9999 ? NaN : Number(field));
