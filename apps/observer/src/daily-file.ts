import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { usStateFrom, type WrittenObservation } from "@weather/contracts";
import { BadSettings } from "@weather/process";
import { parse } from "csv-parse/sync";

const columns = ["date", "tmax_c", "tmin_c", "prcp_mm"] as const;

/**
 * Reads a CSV file of daily observations with the columns date, tmax_c, tmin_c and prcp_mm, in °C and mm of water. A column
 * `station` or the file's name (uscrn_OH_Wooster_3_SSE.csv) gives the station. The station begins with the postal code of
 * its state.
 *
 * @returns the observations in order of their dates, without missing values and without days that have no value
 * @throws {BadSettings} that names the file and what is wrong with it
 */
export function readDailyFile(file: string): WrittenObservation[] {
  const rows = rowsOf(file);
  const missing = columns.filter((column) => !(column in (rows[0] ?? {})));
  if (missing.length > 0)
    throw new BadSettings(
      `${file}: expected the columns ${columns.join(", ")}; it lacks ${missing.join(", ")}`,
    );
  const named = /^(?:uscrn_)?(.+)\.csv$/.exec(basename(file))?.[1];
  return rows
    .flatMap((row) => observationFrom(row, row["station"] || named || "", file))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

function observationFrom(row: Record<string, string>, station: string, file: string): WrittenObservation[] {
  const state = usStateFrom(station.split("_")[0] ?? "")?.key;
  if (!state)
    throw new BadSettings(
      `${file}: expected a station such as OH_Wooster_3_SSE, which begins with its state, got ${station}`,
    );
  const values = {
    high: number(row["tmax_c"]),
    low: number(row["tmin_c"]),
    precipitation: number(row["prcp_mm"]),
  };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  if (known.length === 0) return [];
  return [{ state, station, date: row["date"] ?? "", ...Object.fromEntries(known) }];
}

function rowsOf(file: string): Record<string, string>[] {
  try {
    return parse(readFileSync(file, "utf8"), {
      columns: true,
      skip_empty_lines: true,
      bom: true,
      comment: "#",
    });
  } catch (error) {
    throw new BadSettings(
      `${file}: expected a CSV file with the columns ${columns.join(", ")}: ${(error as Error).message}`,
    );
  }
}

/** A missing value is empty or -9999. Text that is not a number becomes NaN, which the contract refuses. */
const number = (field = "") => (field.trim() === "" || Number(field) <= -9999 ? undefined : Number(field));
