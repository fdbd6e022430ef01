import { calendarDay, calendarDays, daysOfMonth } from "./calendar.ts";
import type { Parameters, Temperature } from "./climate.ts";
import { basis, curveFrom, throughTheYear, type Curve } from "./curve.ts";
import { Regression } from "./regression.ts";
import { wetness, type DailySeries } from "./series.ts";
import { shareOfWetDays, wetFrom } from "./tables.ts";

/** How many yearly cycles each curve gets: more where the season has a form that one cycle cannot take. */
const cycles = { mean: 3, difference: 2, variance: 2, offset: 1, chance: 2, amount: 2 };

/** Smallest amount above 0.254 mm that a gauge tells apart, mm; smaller ones would have a logarithm of no meaning. */
const gaugeStep = 0.05;

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

/**
 * The parameters of one station, or of several pooled. Each series keeps its own means of high and low; what is pooled is
 * everything else, and the means of the first are returned.
 * @throws Error when a series is too short.
 */
export function fitSeries(pool: readonly DailySeries[]): Parameters {
  const chances = fitChances(pool);
  const wet = shareOfWetDays(throughTheYear(chances.wetAfterWet), throughTheYear(chances.wetAfterDry));
  const high = fitTemperature(pool, "high", wet);
  const low = fitTemperature(pool, "low", wet);
  const anomalies = { high: high.anomalies, low: low.anomalies, wet: pool.map(wetness) };
  return {
    high: high.temperature,
    low: low.temperature,
    anomalies: fitAnomalies(pool, anomalies),
    precipitation: { ...chances, ...fitEffects(pool, chances, anomalies), ...fitAmounts(pool) },
  };
}

/** The same parameters with the means that a station's normals give. */
export function withNormals(pooled: Parameters, normals: Normals): Parameters {
  const chances = normals.wetDays ? withWetDays(pooled.precipitation, normals.wetDays) : pooled.precipitation;
  const wet = shareOfWetDays(throughTheYear(chances.wetAfterWet), throughTheYear(chances.wetAfterDry));
  const wetDayMean = normals.precipitation.map((amount, month) => amount / sumOver(month, wet));
  return {
    high: { ...pooled.high, mean_C: curveThroughMonths(normals.high, cycles.mean) },
    low: { ...pooled.low, mean_C: curveThroughMonths(normals.low, cycles.mean) },
    anomalies: pooled.anomalies,
    precipitation: {
      ...pooled.precipitation,
      ...chances,
      wetDayMean_mm: curveThroughMonths(wetDayMean, cycles.mean),
    },
  };
}

/** Sum over the days of a month; February has 28.25 days. */
function sumOver(month: number, year: Float64Array): number {
  const [from, to] = daysOfMonth(month);
  const sum = year.subarray(from, to).reduce((total, value) => total + value, 0);
  return month === 1 ? (sum * 28.25) / 29 : sum;
}

/** The curve whose means over the months come nearest to twelve given ones. */
export function curveThroughMonths(means: readonly number[], count: number): Curve {
  const regression = new Regression(1 + 2 * count);
  means.forEach((mean, month) => {
    const [from, to] = daysOfMonth(month);
    const row = new Array<number>(1 + 2 * count).fill(0);
    for (let day = from; day < to; day++) {
      basis(day, count).forEach((value, i) => (row[i] = (row[i] ?? 0) + value / (to - from)));
    }
    regression.add(row, mean, to - from);
  });
  return curveFrom(regression.weights());
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

/** The curve nearest to 366 daily values. */
function curveThroughDays(year: Float64Array, count: number): Curve {
  const regression = new Regression(1 + 2 * count);
  year.forEach((value, day) => regression.add(basis(day, count), value));
  return curveFrom(regression.weights());
}

function fitChances(pool: readonly DailySeries[]): { wetAfterWet: Curve; wetAfterDry: Curve } {
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

function fitAmounts(pool: readonly DailySeries[]): { wetDayMean_mm: Curve; shape: number } {
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

/** Maximum likelihood to a good approximation: Thom (1958), "A note on the gamma distribution". */
export function gammaShape(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanLog = values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
  const spread = Math.log(mean) - meanLog;
  return (1 + Math.sqrt(1 + (4 * spread) / 3)) / (4 * spread);
}

/** Means, standard deviations, and the standardized anomalies that they leave, one array per series. */
function fitTemperature(
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

interface Anomalies {
  high: readonly Float64Array[];
  low: readonly Float64Array[];
  /** 1 wet, 0 dry */
  wet: readonly Float64Array[];
}

function fitAnomalies(pool: readonly DailySeries[], anomalies: Anomalies): Parameters["anomalies"] {
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

/** How much likelier a wet day is for each standard deviation by which the day before was warmer than such days are. */
function fitEffects(
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
