import {
  basis,
  calendarDay,
  curveFrom,
  type Temperature,
  throughTheYear,
} from "@weather/forecast-model/parts";
import { curveThroughDays, cycles } from "./fit-curve.ts";
import { Regression } from "./regression.ts";
import { wetness, type DailySeries } from "./series.ts";

/** Means, standard deviations, and the standardized anomalies that they leave, one array per series. */
export function fitTemperature(
  pool: readonly DailySeries[],
  element: "high" | "low",
  wetShare: Float64Array,
): { temperature: Temperature; anomalies: Float64Array[] } {
  const means = pool.map((series) => {
    const regression = new Regression(1 + 2 * cycles.mean);
    series[element].forEach((value, i) =>
      regression.add(basis(calendarDay(series.start + i), cycles.mean), value),
    );
    return curveFrom(regression.weights());
  });
  const rows = pool.map((series, s) => {
    const mean = throughTheYear(means[s] ?? { mean: 0, cycles: [] });
    const wet = wetness(series);
    return Array.from(series[element], (value, i) => {
      const day = calendarDay(series.start + i);
      return { day, wet: wet[i] ?? NaN, departure: value - (mean[day] ?? NaN) };
    });
  });
  const difference = new Regression(1 + 2 * cycles.difference);
  for (const { day, wet, departure } of rows.flat()) {
    const contrast = wet - (wetShare[day] ?? NaN);
    difference.add(
      basis(day, cycles.difference).map((value) => value * contrast),
      departure,
    );
  }
  const wetMinusDry_C = curveFrom(difference.weights());
  const contrasts = throughTheYear(wetMinusDry_C);
  const variance = [
    new Regression(1 + 2 * cycles.variance),
    new Regression(1 + 2 * cycles.variance),
  ] as const;
  const residual = ({ day, wet, departure }: { day: number; wet: number; departure: number }) =>
    departure - (wet - (wetShare[day] ?? NaN)) * (contrasts[day] ?? NaN);
  for (const row of rows.flat()) {
    if (!Number.isNaN(row.wet))
      variance[row.wet ? 1 : 0].add(basis(row.day, cycles.variance), residual(row) ** 2);
  }
  const [dry, wet] = variance.map((regression) =>
    throughTheYear(curveFrom(regression.weights())).map(Math.sqrt),
  ) as [Float64Array, Float64Array];
  const temperature: Temperature = {
    mean_C: means[0] ?? { mean: 0, cycles: [] },
    wetMinusDry_C,
    sdWet_C: curveThroughDays(wet, cycles.variance),
    sdDry_C: curveThroughDays(dry, cycles.variance),
  };
  const sd = [throughTheYear(temperature.sdDry_C), throughTheYear(temperature.sdWet_C)] as const;
  const anomalies = rows.map((series) =>
    Float64Array.from(series, (row) => residual(row) / (sd[row.wet ? 1 : 0][row.day] ?? NaN)),
  );
  return { temperature, anomalies };
}
