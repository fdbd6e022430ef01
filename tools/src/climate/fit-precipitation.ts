import {
  basis,
  calendarDay,
  type Curve,
  curveFrom,
  throughTheYear,
  wetFrom,
} from "@weather/forecast-model/parts";
import type { Anomalies } from "./fit-anomalies.ts";
import { cycles } from "./fit-curve.ts";
import { Regression } from "./regression.ts";
import { wetness, type DailySeries } from "./series.ts";

/** Smallest amount above 0.254 mm that a gauge tells apart, mm; smaller ones would have a logarithm of no meaning. */
const gaugeStep = 0.05;

/** P(W|W) and P(W|D) through the year. */
export function fitChances(pool: readonly DailySeries[]): { wetAfterWet: Curve; wetAfterDry: Curve } {
  const after = [new Regression(1 + 2 * cycles.chance), new Regression(1 + 2 * cycles.chance)] as const;
  for (const series of pool) {
    const wet = wetness(series);
    wet.forEach((today, i) => {
      const before = wet[i - 1] ?? NaN;
      if (!Number.isNaN(before))
        after[before ? 1 : 0].add(basis(calendarDay(series.start + i), cycles.chance), today);
    });
  }
  return { wetAfterDry: curveFrom(after[0].weights()), wetAfterWet: curveFrom(after[1].weights()) };
}

/** How much falls on a wet day. */
export function fitAmounts(pool: readonly DailySeries[]): { wetDayMean_mm: Curve; shape: number } {
  const regression = new Regression(1 + 2 * cycles.amount);
  const wetDays = pool.flatMap(({ start, precipitation }) =>
    Array.from(precipitation, (amount, i) => ({ day: calendarDay(start + i), amount })).filter(
      ({ amount }) => amount >= wetFrom,
    ),
  );
  for (const { day, amount } of wetDays) regression.add(basis(day, cycles.amount), amount);
  const wetDayMean_mm = curveFrom(regression.weights());
  const mean = throughTheYear(wetDayMean_mm);
  const relative = wetDays.map(
    ({ day, amount }) => Math.max(amount - wetFrom, gaugeStep) / ((mean[day] ?? NaN) - wetFrom),
  );
  return { wetDayMean_mm, shape: gammaShape(relative) };
}

/** Maximum likelihood, in the approximation of Greenwood & Durand (1960), which is right to 0.01 %. */
export function gammaShape(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanLog = values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
  const y = Math.log(mean) - meanLog;
  if (y <= 0.5772) return (0.5000876 + 0.1648852 * y - 0.0544274 * y * y) / y;
  return (8.898919 + 9.05995 * y + 0.9775373 * y * y) / (y * (17.79728 + 11.968477 * y + y * y));
}

/** How much likelier a wet day is for each standard deviation by which the day before was warmer than such days are. */
export function fitEffects(
  pool: readonly DailySeries[],
  chances: { wetAfterWet: Curve; wetAfterDry: Curve },
  { high, low, wet }: Anomalies,
) {
  const after = [throughTheYear(chances.wetAfterDry), throughTheYear(chances.wetAfterWet)] as const;
  const regression = new Regression(2);
  pool.forEach(({ start }, s) => {
    wet[s]?.forEach((today, i) => {
      const chance = after[wet[s]?.[i - 1] ? 1 : 0][calendarDay(start + i)] ?? NaN;
      regression.add([high[s]?.[i - 1] ?? NaN, low[s]?.[i - 1] ?? NaN], today - chance);
    });
  });
  const [perHighAnomaly = 0, perLowAnomaly = 0] = regression.weights();
  return { perHighAnomaly, perLowAnomaly };
}
