import type { WrittenObservation } from "@weather/contracts";
import type { Reading } from "./readings.ts";

const hour = 3_600_000; // ms

/** A day of a station, from midnight to midnight in local standard time, the whole year round. */
export interface LocalDay {
  /** YYYY-MM-DD */
  readonly date: string;
  /** Its beginning, and its end below, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** The day of an instant, or a number of days before. @param offset of local standard time from UTC, in milliseconds */
export function localDay(instant: number, offset: number, daysBefore = 0): LocalDay {
  const day = Math.floor((instant + offset) / (24 * hour)) - daysBefore;
  const from = day * 24 * hour - offset;
  return { date: new Date(day * 24 * hour).toISOString().slice(0, 10), from, to: from + 24 * hour };
}

/** Offset of a zone's standard time from UTC, in milliseconds: the smaller of its offsets in January and in July. */
export function standardOffset(timeZone: string): number {
  const offsetAt = (instant: number) => {
    const local = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
    return Date.parse(`${local.format(instant).replace(" ", "T")}Z`) - instant;
  };
  return Math.min(offsetAt(Date.UTC(2026, 0, 1)), offsetAt(Date.UTC(2026, 6, 1)));
}

/** Hours with readings that the high and low of a day need. */
const leastHours = 20;
/** Before this hour, the low of the night may still come. */
const morning = 9;

type Values = Pick<WrittenObservation, "date" | "high" | "low" | "precipitation" | "complete" | "revision">;

/**
 * The highest and lowest temperature of a day's readings, and the sum of the hours' precipitation. The true extremes, between two
 * readings, may differ by a few tenths. A day that is not over has values from 9 o'clock on: those so far.
 *
 * @returns nothing if there are too few readings
 */
export function dayFrom(
  all: readonly Reading[],
  { date, from, to }: LocalDay,
  now: number,
): Values | undefined {
  const within = all.filter(
    ({ time, temperature }) => time >= from && time < to && temperature !== undefined,
  );
  const complete = now >= to;
  const until = complete ? 24 : Math.floor((now - from) / hour);
  const hours = new Set(within.map(({ time }) => Math.floor((time - from) / hour))).size;
  if (until < morning || hours < (until * leastHours) / 24) return undefined;
  const temperatures = within.map(({ temperature }) => temperature ?? NaN);
  const precipitation = precipitationOf(all, from, to, until);
  const newest = Math.max(...within.map(({ time }) => time));
  return {
    date,
    high: tenths(Math.max(...temperatures)),
    low: tenths(Math.min(...temperatures)),
    ...(precipitation !== undefined && { precipitation: tenths(precipitation) }),
    complete,
    // The values of a whole day replace those so far.
    revision: Math.floor((complete ? to : newest) / 1_000),
  };
}

/** The last report of each hour, at minute 51 to 56, has the sum of the hour. A later report belongs to the next hour. */
const lastMinutes = 3 * 60_000;

function precipitationOf(
  all: readonly Reading[],
  from: number,
  to: number,
  until: number,
): number | undefined {
  const sums = new Map<number, number>();
  for (const { time, precipitation } of all) {
    const at = Math.floor((time + lastMinutes - from) / hour);
    if (precipitation === undefined || time < from || time >= to) continue;
    sums.set(at, Math.max(sums.get(at) ?? 0, precipitation));
  }
  if (sums.size < (until * leastHours) / 24) return undefined;
  return [...sums.values()].reduce((sum, amount) => sum + amount, 0);
}

const tenths = (value: number) => Math.round(value * 10) / 10 + 0;
