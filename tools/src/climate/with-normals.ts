import {
  calendarDay,
  calendarDays,
  daysOfMonth,
  throughTheYear,
  yearOf,
  type Curve,
  type Parameters,
  type Temperature,
} from "@weather/forecast-model/parts";
import { curveThroughMonths, cycles } from "./fit-curve.ts";
import { monthlyMeans, wetness, type DailySeries } from "./series.ts";
import { warmedBy } from "./warming.ts";

/** Monthly means of a station, January first. */
export interface Normals {
  /** The middle of the years that high and low are the means of: 2006 of 1991-2020. */
  meansOf: number;
  /** °C */
  high: readonly number[];
  /** °C */
  low: readonly number[];
  /** mm in the month */
  precipitation: readonly number[];
  /** Days with at least 0.254 mm in the month, where they are known. */
  wetDays?: readonly number[];
}

/**
 * Departures of a station without a daily series are borrowed from other stations and widened by this: its means are of other
 * years, and its surroundings differ. Without it, the 80 % range covered 76 % of highs and 71 % of lows at ten airports in 2021.
 */
const lentWidth = 1.06;

/** The same parameters with the means that a station's normals give. */
export function withNormals(pooled: Parameters, normals: Normals): Parameters {
  const wetShare = normals.wetDays
    ? curveThroughMonths(
        normals.wetDays.map((days, month) => days / daysIn(month)),
        cycles.chance,
      )
    : pooled.precipitation.wetShare;
  const wet = throughTheYear(wetShare);
  const wetDayMean = normals.precipitation.map((amount, month) => amount / sumOver(month, wet));
  return {
    meansOf: normals.meansOf,
    high: lent(pooled.high, normals.high),
    low: lent(pooled.low, normals.low),
    precipitation: {
      ...pooled.precipitation,
      wetShare,
      wetDayMean_mm: curveThroughMonths(wetDayMean, cycles.normals),
    },
  };
}

function lent(pooled: Temperature, monthly: readonly number[]): Temperature {
  const wider = ({ mean, cycles: seasons }: Curve): Curve => ({
    mean: lentWidth * mean,
    cycles: seasons.map(({ amplitude, peakDay }) => ({ amplitude: lentWidth * amplitude, peakDay })),
  });
  return {
    ...pooled,
    mean_C: curveThroughMonths(monthly, cycles.normals),
    departures_C: pooled.departures_C.map(wider),
  };
}

/** Sum over the days of a month; February has 28.25 days. */
function sumOver(month: number, year: Float64Array): number {
  const [from, to] = daysOfMonth(month);
  const sum = year.subarray(from, to).reduce((total, value) => total + value, 0);
  return month === 1 ? (sum * 28.25) / 29 : sum;
}

const daysIn = (month: number) => sumOver(month, new Float64Array(calendarDays).fill(1));

/** The normals that a series itself would give. */
export function normalsOf(series: DailySeries): Normals {
  const meansOf = yearOf(series.start + series.high.length / 2);
  const atRest = (element: "high" | "low") => {
    const values = series[element].map((value, i) => {
      const day = series.start + i;
      return value - warmedBy(element, calendarDay(day), day, meansOf);
    });
    return monthlyMeans(values, series.start);
  };
  const inMonth = (mean: number, month: number) => mean * daysIn(month);
  return {
    meansOf,
    high: atRest("high"),
    low: atRest("low"),
    precipitation: monthlyMeans(series.precipitation, series.start).map(inMonth),
    wetDays: monthlyMeans(wetness(series), series.start).map(inMonth),
  };
}
