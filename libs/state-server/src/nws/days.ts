import type { SingleDay } from "@weather/contracts";
import { DateTime } from "luxon";
import type { Grid, Periods, Piece, Span } from "./answers.ts";

/**
 * The days of a forecast, in order: those that NWS puts in words, about seven. Each is a calendar day of the station's
 * time zone. What NWS does not tell of a day is left out.
 *
 * NWS gives a high for 7 AM to about 7 PM and a low for 7 PM to about 8 AM, local standard time
 * (https://digital.weather.gov/staticpages/definitions.php), so that a low belongs to the day of its morning. What is
 * left of a night after 8 AM says nothing of that morning's low.
 */
export function daysFrom(periods: Periods, grid: Grid, timeZone: string): SingleDay[] {
  const dateOf = ({ startTime }: Periods[number]) =>
    DateTime.fromJSDate(startTime, { zone: timeZone }).toISODate()!;
  const dates = [...new Set(periods.map(dateOf))].sort();
  return dates.map((date) => {
    const midnight = DateTime.fromISO(date, { zone: timeZone });
    const day = { from: midnight.toMillis(), to: midnight.plus({ days: 1 }).toMillis() };
    const morning = { from: day.from, to: midnight.set({ hour: 8 }).toMillis() };
    const daytime = { from: morning.to, to: midnight.set({ hour: 20 }).toMillis() };
    const high = mainValue(grid.maxTemperature, daytime);
    const low = mainValue(grid.minTemperature, morning);
    const chance = greatest(grid.probabilityOfPrecipitation, day);
    const amount = total(grid.quantitativePrecipitation, day);
    const told = periods.filter((period) => dateOf(period) === date);
    return {
      date,
      ...(high !== undefined && { high: { value: round(high, 1) } }),
      ...(low !== undefined && { low: { value: round(low, 1) } }),
      precipitation: {
        ...(chance !== undefined && { chance: round(chance, 2) }),
        ...(amount !== undefined && { amount: round(amount, 1) }),
      },
      summary: (told.find(({ isDaytime }) => isDaytime) ?? told[0]!).shortForecast,
    };
  });
}

/** The value that holds for most of a time. */
function mainValue(pieces: readonly Piece[], time: Span): number | undefined {
  return within(pieces, time).toSorted((one, other) => overlap(other, time) - overlap(one, time))[0]?.value;
}

/** The greatest value that holds at some time of the day. */
function greatest(pieces: readonly Piece[], day: Span): number | undefined {
  const values = within(pieces, day).map(({ value }) => value);
  return values.length > 0 ? Math.max(...values) : undefined;
}

/**
 * What falls on the day, each interval's amount spread evenly over it. Of the first day it is what is still to come;
 * undefined for a day of which NWS has forecast a part only.
 */
function total(pieces: readonly Piece[], day: Span): number | undefined {
  const time = { ...day, from: Math.max(day.from, Math.min(...pieces.map(({ from }) => from))) };
  const parts = within(pieces, time);
  const covered = parts.reduce((sum, piece) => sum + overlap(piece, time), 0);
  if (parts.length === 0 || covered < time.to - time.from) return undefined;
  return parts.reduce(
    (sum, piece) => sum + (piece.value * overlap(piece, time)) / (piece.to - piece.from),
    0,
  );
}

const within = (pieces: readonly Piece[], time: Span) => pieces.filter((piece) => overlap(piece, time) > 0);

/** Milliseconds that two spans share; less than 0 if they are apart. */
const overlap = (one: Span, other: Span) => Math.min(one.to, other.to) - Math.max(one.from, other.from);

const round = (value: number, digits: number) => Number(value.toFixed(digits));
