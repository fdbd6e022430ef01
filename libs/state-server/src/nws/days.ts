import type { PointDay, PointValue } from "@weather/forecast-model";
import { DateTime } from "luxon";
import type { Grid, Periods } from "./answers.ts";
import { amountOn, chanceOn } from "./precipitation.ts";
import { overlap, within, type Piece, type Span } from "./spans.ts";

/** End hours of NWS's forecast periods: 6 PM for a high, 6 AM for a low. */
const [endOfNight, endOfDay] = [6, 18];

/**
 * The days of a forecast, in order: those of the forecast in words, about seven. Each is a calendar day of the station's
 * time zone. Values that NWS does not give for a day are left out.
 *
 * NWS gives a high for 7 AM to about 7 PM and a low for 7 PM to about 8 AM, local standard time
 * (https://digital.weather.gov/staticpages/definitions.php), so that a low belongs to the day of its morning. A period that
 * begins after 8 AM has no low of that morning.
 */
export function daysFrom(periods: Periods, grid: Grid, timeZone: string): PointDay[] {
  const dateOf = ({ startTime }: Periods[number]) =>
    DateTime.fromJSDate(startTime, { zone: timeZone }).toISODate()!;
  const dates = [...new Set(periods.map(dateOf))].sort();
  return dates.map((date) => {
    const midnight = DateTime.fromISO(date, { zone: timeZone });
    const at = (hour: number) => midnight.set({ hour }).toMillis();
    const day = { from: midnight.toMillis(), to: midnight.plus({ days: 1 }).toMillis() };
    const high = mainValue(grid.maxTemperature, { from: at(8), to: at(20) });
    const low = mainValue(grid.minTemperature, { from: day.from, to: at(8) });
    const chance = chanceOn(grid.probabilityOfPrecipitation, day);
    const amount = amountOn(grid.quantitativePrecipitation, day);
    const told = periods.filter((period) => dateOf(period) === date);
    return {
      date,
      ...(high !== undefined && { high: pointValue(high, grid.updateTime, at(endOfDay)) }),
      ...(low !== undefined && { low: pointValue(low, grid.updateTime, at(endOfNight)) }),
      precipitation: {
        ...(chance !== undefined && { chance: round(chance, 2) }),
        ...(amount !== undefined && { amount: round(amount, 1) }),
      },
      summary: (told.find(({ isDaytime }) => isDaytime) ?? told[0]!).shortForecast,
    };
  });
}

/** The lead time counts from the issue of the forecast. In the afternoon, the low of the coming night has about 12 hours. */
function pointValue(value: number, issued: string, end: number): PointValue {
  return { value: round(value, 1), lead: round((end - Date.parse(issued)) / 3_600_000, 1) };
}

/** The value that is valid for most of a span. */
function mainValue(pieces: readonly Piece[], time: Span): number | undefined {
  return within(pieces, time).toSorted((one, other) => overlap(other, time) - overlap(one, time))[0]?.value;
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
