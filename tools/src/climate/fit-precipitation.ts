import { calendarDay, type Curve, throughTheYear, wetFrom } from "@weather/forecast-model/parts";
import { mean } from "simple-statistics";
import { curveThrough, cycles } from "./fit-curve.ts";
import { wetness, type DailySeries } from "./series.ts";

/** Smallest excess over 0.254 mm that a gauge resolves, mm. The logarithm of a smaller one would have no meaning. */
const gaugeStep = 0.05;

/** Share of days that are wet. */
export const fitWetShare = (pool: readonly DailySeries[]): Curve =>
  curveThrough(
    pool.flatMap((series) =>
      Array.from(wetness(series), (wet, i): [number, number] => [calendarDay(series.start + i), wet]),
    ),
    cycles.chance,
  );

/** Mean and shape of the amount on a wet day. */
export function fitAmounts(pool: readonly DailySeries[]): { wetDayMean_mm: Curve; shape: number } {
  const wetDays = pool.flatMap(({ start, precipitation }) =>
    Array.from(precipitation, (amount, i): [number, number] => [calendarDay(start + i), amount]).filter(
      ([, amount]) => amount >= wetFrom,
    ),
  );
  const wetDayMean_mm = curveThrough(wetDays, cycles.amount);
  const usual = throughTheYear(wetDayMean_mm);
  const relative = wetDays.map(
    ([day, amount]) => Math.max(amount - wetFrom, gaugeStep) / ((usual[day] ?? NaN) - wetFrom),
  );
  return { wetDayMean_mm, shape: gammaShape(relative) };
}

/** The maximum likelihood estimate, in the approximation of Greenwood & Durand (1960), with an error of at most 0.01 %. */
export function gammaShape(values: number[]): number {
  const y = Math.log(mean(values)) - mean(values.map(Math.log));
  if (y <= 0.5772) return (0.5000876 + 0.1648852 * y - 0.0544274 * y * y) / y;
  return (8.898919 + 9.05995 * y + 0.9775373 * y * y) / (y * (17.79728 + 11.968477 * y + y * y));
}
