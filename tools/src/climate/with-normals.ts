import {
  calendarDay,
  calendarDays,
  daysOfMonth,
  monthOf,
  type Parameters,
  shareOfWetDays,
  throughTheYear,
} from "@weather/forecast-model/parts";
import { curveThroughDays, curveThroughMonths, cycles } from "./fit-curve.ts";
import { wetness, type DailySeries } from "./series.ts";

/** Monthly means of a station, January first. */
export interface Normals {
  /** °C */
  high: readonly number[];
  /** °C */
  low: readonly number[];
  /** mm in the month */
  precipitation: readonly number[];
  /** Days with at least 0.254 mm in the month, where they are known. */
  wetDays?: readonly number[];
}

/** The same parameters with the means that a station's normals give. */
export function withNormals(pooled: Parameters, normals: Normals): Parameters {
  const chances = normals.wetDays ? withWetDays(pooled.precipitation, normals.wetDays) : pooled.precipitation;
  const wet = shareOfWetDays(throughTheYear(chances.wetAfterWet), throughTheYear(chances.wetAfterDry));
  const wetDayMean = normals.precipitation.map((amount, month) => amount / sumOver(month, wet));
  return {
    high: { ...pooled.high, mean_C: curveThroughMonths(normals.high, cycles.normals) },
    low: { ...pooled.low, mean_C: curveThroughMonths(normals.low, cycles.normals) },
    anomalies: pooled.anomalies,
    precipitation: {
      ...pooled.precipitation,
      ...chances,
      wetDayMean_mm: curveThroughMonths(wetDayMean, cycles.normals),
    },
  };
}

/** Sum over the days of a month; February has 28.25 days. */
function sumOver(month: number, year: Float64Array): number {
  const [from, to] = daysOfMonth(month);
  const sum = year.subarray(from, to).reduce((total, value) => total + value, 0);
  return month === 1 ? (sum * 28.25) / 29 : sum;
}

/** P(W|W) and P(W|D) with the persistence P(W|W) - P(W|D) of the pool and the number of wet days of the station. */
function withWetDays(pooled: Parameters["precipitation"], wetDays: readonly number[]) {
  const afterWet = throughTheYear(pooled.wetAfterWet);
  const persistence = throughTheYear(pooled.wetAfterDry).map(
    (afterDry, day) => (afterWet[day] ?? 0) - afterDry,
  );
  const share = throughTheYear(
    curveThroughMonths(
      wetDays.map((days, month) => days / sumOver(month, new Float64Array(calendarDays).fill(1))),
      cycles.chance,
    ),
  );
  const afterDry = share.map((wet, day) => wet * (1 - (persistence[day] ?? 0)));
  return {
    wetAfterWet: curveThroughDays(
      afterDry.map((chance, day) => chance + (persistence[day] ?? 0)),
      cycles.chance,
    ),
    wetAfterDry: curveThroughDays(afterDry, cycles.chance),
  };
}

/** The normals that a series itself would give. */
export function normalsOf(series: DailySeries): Normals {
  const means = (values: Float64Array) => {
    const months = Array.from({ length: 12 }, () => ({ sum: 0, count: 0 }));
    values.forEach((value, i) => {
      const month = months[monthOf(calendarDay(series.start + i))];
      if (Number.isNaN(value) || !month) return;
      month.sum += value;
      month.count++;
    });
    return months.map(({ sum, count }) => sum / count);
  };
  const inMonth = (mean: number, month: number) =>
    mean * sumOver(month, new Float64Array(calendarDays).fill(1));
  return {
    high: means(series.high),
    low: means(series.low),
    precipitation: means(series.precipitation).map(inMonth),
    wetDays: means(wetness(series)).map(inMonth),
  };
}
