import { basis, calendarDay, curveFrom, type Parameters } from "@weather/forecast-model/parts";
import { cycles } from "./fit-curve.ts";
import { Regression } from "./regression.ts";
import type { DailySeries } from "./series.ts";

/** Standardized anomalies, one array for each series of a pool. */
export interface Anomalies {
  high: readonly Float64Array[];
  low: readonly Float64Array[];
  /** 1 wet, 0 dry */
  wet: readonly Float64Array[];
}

/** How the anomalies of a day follow from those of the days before it. */
export function fitAnomalies(pool: readonly DailySeries[], anomalies: Anomalies): Parameters["anomalies"] {
  const transition = (before: number, today: number) =>
    fitStep(pool, anomalies, {
      known: [-1, -2],
      wet: { [-1]: before, 0: today },
    }) as Parameters["anomalies"]["dryToDry"];
  const dayBefore = (today: number) =>
    fitStep(pool, anomalies, { known: [1], wet: { 1: today } }) as Parameters["anomalies"]["beforeDry"];
  return {
    dryToDry: transition(0, 0),
    dryToWet: transition(0, 1),
    wetToDry: transition(1, 0),
    wetToWet: transition(1, 1),
    beforeDry: dayBefore(0),
    beforeWet: dayBefore(1),
    highWithLowDry: correlation(anomalies, 0),
    highWithLowWet: correlation(anomalies, 1),
  };
}

/**
 * Regression of the anomalies of a day on those of the known days (counted from it), over the days on which the days
 * given were wet (1) or dry (0).
 */
function fitStep(
  pool: readonly DailySeries[],
  { high, low, wet }: Anomalies,
  days: { known: readonly number[]; wet: Record<number, number> },
) {
  const seasons = 1 + 2 * cycles.offset;
  const rows = pool
    .flatMap(({ start }, s) =>
      Array.from(high[s] ?? [], (x, i) => {
        const such = Object.entries(days.wet).every(
          ([shift, state]) => wet[s]?.[i + Number(shift)] === state,
        );
        const known = days.known.flatMap((shift) => [
          high[s]?.[i + shift] ?? NaN,
          low[s]?.[i + shift] ?? NaN,
        ]);
        // The offsets of a step are looked up on the day that the step begins or ends with: the later of the two.
        const season = basis(calendarDay(start + i + Math.max(0, ...days.known)), cycles.offset);
        return { such, x: [x, low[s]?.[i] ?? NaN] as const, row: [...season, ...known] };
      }),
    )
    .filter(({ such, x, row }) => such && ![...x, ...row].some(Number.isNaN));
  const weights = ([0, 1] as const).map((element) => {
    const regression = new Regression(seasons + 2 * days.known.length);
    for (const { x, row } of rows) regression.add(row, x[element]);
    return regression.weights();
  });
  const left = rows.map(({ x, row }) =>
    ([0, 1] as const).map(
      (e) => x[e] - row.reduce((sum, value, i) => sum + value * (weights[e]?.[i] ?? NaN), 0),
    ),
  ) as [number, number][];
  const covariance = (a: 0 | 1, b: 0 | 1) => left.reduce((sum, e) => sum + e[a] * e[b], 0) / left.length;
  const b11 = Math.sqrt(covariance(0, 0));
  const b21 = covariance(0, 1) / b11;
  return {
    offsetHigh: curveFrom(weights[0]?.slice(0, seasons) ?? []),
    offsetLow: curveFrom(weights[1]?.slice(0, seasons) ?? []),
    A: weights.map((row) => row.slice(seasons)),
    B: [
      [b11, 0],
      [b21, Math.sqrt(covariance(1, 1) - b21 * b21)],
    ],
  };
}

function correlation({ high, low, wet }: Anomalies, state: number): number {
  const products = high.flatMap((series, s) =>
    Array.from(series, (x, i) => x * (low[s]?.[i] ?? NaN)).filter(
      (product, i) => wet[s]?.[i] === state && !Number.isNaN(product),
    ),
  );
  return products.reduce((sum, product) => sum + product, 0) / products.length;
}
