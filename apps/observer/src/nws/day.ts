import type { WrittenObservation } from "@weather/contracts";
import type { Reading } from "./readings.ts";

const hour = 3_600_000; // ms

/** A day of a station, from midnight to midnight in local standard time, the whole year round. */
export interface LocalDay {
  /** YYYY-MM-DD */
  readonly date: string;
  /** Milliseconds since 1970 of its beginning and its end. */
  readonly from: number;
  readonly to: number;
}

/** The day of an instant, so many days before. @param offset of local standard time from UTC, in milliseconds */
export function localDay(instant: number, offset: number, daysBefore = 0): LocalDay {
  const day = Math.floor((instant + offset) / (24 * hour)) - daysBefore;
  const from = day * 24 * hour - offset;
  return { date: new Date(day * 24 * hour).toISOString().slice(0, 10), from, to: from + 24 * hour };
}

/** Offset of a zone's standard time from UTC, in milliseconds: the smaller one of those in January and July. */
export function standardOffset(timeZone: string): number {
  const offsetAt = (instant: number) => {
    const local = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
    return Date.parse(`${local.format(instant).replace(" ", "T")}Z`) - instant;
  };
  return Math.min(offsetAt(Date.UTC(2026, 0, 1)), offsetAt(Date.UTC(2026, 6, 1)));
}

/** With readings of fewer hours than this, the high and low of a day are unknown. */
const leastHours = 20;
/** Before this hour the night's low may be still to come. */
const morning = 9;

type Values = Pick<WrittenObservation, "date" | "high" | "low" | "precipitation" | "complete" | "revision">;

/**
 * Sums a day's readings up: the highest and lowest temperature, and the sum of the hours' precipitation. Between two readings it
 * may have been a few tenths warmer or colder. For a day that is not over, the values so far, from 9 o'clock on.
 *
 * @returns nothing if too little is known
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

/** Each hour's last report, at 51 to 56 minutes past, has the sum of the hour; what is reported later belongs to the next one. */
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
