import {
  calendarDay,
  calendarDays,
  probabilities,
  throughTheYear,
  yearOf,
  type Curve,
  type Parameters,
} from "@weather/forecast-model/parts";
import { mean } from "simple-statistics";
import { curveThrough, cycles } from "./fit-curve.ts";
import { fitAmounts, fitWetShare } from "./fit-precipitation.ts";
import { quantile } from "./quantiles.ts";
import type { DailySeries } from "./series.ts";
import { warmedBy, warming } from "./warming.ts";

/** Quantiles of a calendar day are computed from all days within this distance, in days. */
const windowDays = 15;

/**
 * The climate of one station, or of several pooled. Means of high and low are not pooled: those of the first series are used.
 * @throws Error when a series is too short.
 */
export function fitMarginals(pool: readonly DailySeries[]): Parameters {
  const years = pool.map(middleOf);
  return {
    meansOf: years[0] ?? NaN,
    high: fitTemperature(pool, "high", years),
    low: fitTemperature(pool, "low", years),
    precipitation: { wetShare: fitWetShare(pool), ...fitAmounts(pool) },
  };
}

/** Mean year of the days with a high. */
function middleOf({ start, high }: DailySeries): number {
  return yearOf(mean(Array.from(high.keys(), (i) => start + i).filter((_, i) => !Number.isNaN(high[i]))));
}

function fitTemperature(pool: readonly DailySeries[], element: "high" | "low", years: readonly number[]) {
  const means = pool.map((series, s) => curveThrough(atRest(series, element, years[s] ?? NaN), cycles.mean));
  const departures: number[][] = Array.from({ length: calendarDays }, () => []);
  pool.forEach((series, s) => {
    const usual = throughTheYear(means[s] as Curve);
    for (const [day, value] of atRest(series, element, years[s] ?? NaN))
      departures[day]?.push(value - (usual[day] ?? NaN));
  });
  return {
    mean_C: means[0] as Curve,
    warming_C: warming[element],
    departures_C: quantileCurves(departures),
  };
}

/** The values of a series, corrected for warming to one year. */
function atRest({ start, ...series }: DailySeries, element: "high" | "low", year: number) {
  return Array.from(series[element], (value, i): [day: number, value: number] => {
    const day = calendarDay(start + i);
    return [day, value - warmedBy(element, day, start + i, year)];
  }).filter(([, value]) => !Number.isNaN(value));
}

/** A curve for each probability, through the quantiles of the days around each calendar day. */
function quantileCurves(values: readonly (readonly number[])[]): Curve[] {
  const around = values.map((_, day) => {
    const near = Array.from(
      { length: 2 * windowDays + 1 },
      (_, shift) => values[(day + shift - windowDays + calendarDays) % calendarDays] ?? [],
    );
    return Float64Array.from(near.flat()).sort();
  });
  return probabilities.map((p) =>
    curveThrough(
      around.map((sorted, day) => [day, quantile(sorted, p)]),
      cycles.departures,
    ),
  );
}
