import {
  calendarDay,
  covarianceOf,
  dateOf,
  daysOfMonth,
  Deviates,
  factorize,
  forwardSolve,
  Marginals,
  monthOf,
  rowStart,
  wetFrom,
  type CorrelationParameters,
  type Parameters,
} from "@weather/forecast-model/parts";
import { backwardSolve } from "./least-squares.ts";
import type { DailySeries } from "./series.ts";

/** Statistics over many days that the model must reproduce. */
export interface Statistics {
  /** Share of wet days in each month, 0 to 1. */
  wetShare: number[];
  /** Mean amount in each month, mm. */
  amount: number[];
  /** Mean departure of the high and the low from the seasonal mean, °C. */
  biasHigh: number;
  biasLow: number;
  /** Correlation of the departure from the seasonal mean with that of the day before. */
  lagHigh: number;
  lagLow: number;
  /** Standard deviation of the mean departures of single months, °C. */
  monthsHigh: number;
  monthsLow: number;
}

/** Past days that a simulated day depends on; all other correlations follow from these. */
const memoryDays = 30;

/** As many series as wanted, each as long as the one given, from the first day to the last, missing where it is. */
export function simulate(
  parameters: Parameters,
  correlations: CorrelationParameters,
  like: DailySeries,
  count: number,
  seed = 1,
): DailySeries[] {
  const { high, low, precipitation } = new Marginals(parameters);
  const step = autoregression(correlations);
  const deviates = new Deviates(seed);
  const { start } = like;
  const length = like.high.length;
  return Array.from({ length: count }, (_, number) => {
    const scores = scoresOf(step, length + memoryDays, deviates).subarray(3 * memoryDays);
    const values = (observed: Float64Array, element: number, of: (score: number, day: number) => number) =>
      observed.map((value, i) => (Number.isNaN(value) ? NaN : of(scores[3 * i + element]!, start + i)));
    return {
      name: `${like.name}, simulated ${number + 1}`,
      start,
      high: values(like.high, 0, (score, day) => high.value(score, day)),
      low: values(like.low, 1, (score, day) => low.value(score, day)),
      precipitation: values(like.precipitation, 2, (score, day) =>
        score > precipitation.threshold(calendarDay(day)) ? precipitation.amount(score, calendarDay(day)) : 0,
      ),
    };
  });
}

/** A day's scores from those of the days before: weights, the nearest day first, and the factor of the residual. */
interface Step {
  weights: readonly Float64Array[];
  factor: Float64Array;
}

/** The autoregression whose scores have the correlations of the model (Yule-Walker equations). */
function autoregression(correlations: CorrelationParameters): Step {
  const of = covarianceOf(correlations);
  const lags = Array.from({ length: memoryDays + 1 }, (_, days) => of(0, 0, days, true));
  // Index 3 * (days before) + element, the simulated day itself last.
  const size = 3 * memoryDays;
  const covariance = (a: number, b: number) => {
    const [before, after] = a >= b ? [a, b] : [b, a];
    const days = Math.floor(before / 3) - Math.floor(after / 3);
    return lags[days]![3 * (before % 3) + (after % 3)]!;
  };
  const matrix = new Float64Array(rowStart(size));
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) matrix[rowStart(i) + j] = covariance(3 + i, 3 + j) + (i === j ? 1e-3 : 0);
  const root = factorize(matrix, size);
  const columns = [0, 1, 2].map((element) =>
    forwardSolve(
      root,
      Float64Array.from({ length: size }, (_, i) => covariance(3 + i, element)),
    ),
  );
  const left = new Float64Array(rowStart(3));
  for (let i = 0; i < 3; i++)
    for (let j = 0; j <= i; j++)
      left[rowStart(i) + j] =
        covariance(i, j) - columns[i]!.reduce((sum, x, k) => sum + x * columns[j]![k]!, 0);
  return { weights: columns.map((column) => backwardSolve(root, column)), factor: factorize(left, 3) };
}

function scoresOf({ weights, factor }: Step, days: number, deviates: Deviates): Float64Array {
  const scores = new Float64Array(3 * days);
  const drawn = new Float64Array(3);
  for (let day = 0; day < days; day++) {
    deviates.normal(drawn, 3);
    const known = Math.min(day, memoryDays);
    for (let element = 0; element < 3; element++) {
      let score = 0;
      for (let k = 0; k <= element; k++) score += factor[rowStart(element) + k]! * drawn[k]!;
      for (let before = 0; before < known; before++)
        for (let e = 0; e < 3; e++)
          score += weights[element]![3 * before + e]! * scores[3 * (day - 1 - before) + e]!;
      scores[3 * day + element] = score;
    }
  }
  return scores;
}

/** @param parameters Whose seasonal means the departures are counted from. */
export function statisticsOf(
  { start, high, low, precipitation }: DailySeries,
  parameters: Parameters,
): Statistics {
  const months = Array.from({ length: 12 }, () => ({ days: 0, wet: 0, amount: 0 }));
  precipitation.forEach((amount, i) => {
    const month = months[monthOf(calendarDay(start + i))];
    if (Number.isNaN(amount) || !month) return;
    month.days++;
    month.amount += amount;
    if (amount >= wetFrom) month.wet++;
  });
  const marginals = new Marginals(parameters);
  const highs = high.map((value, i) => value - marginals.high.mean(start + i));
  const lows = low.map((value, i) => value - marginals.low.mean(start + i));
  return {
    wetShare: months.map(({ wet, days }) => wet / days),
    amount: months.map(({ amount, days }, month) => {
      const [from, to] = daysOfMonth(month);
      return (amount / days) * (to - from);
    }),
    biasHigh: meanOf(highs, (x) => x),
    biasLow: meanOf(lows, (x) => x),
    lagHigh: lagOne(highs),
    lagLow: lagOne(lows),
    monthsHigh: spreadOfMonths(highs, start),
    monthsLow: spreadOfMonths(lows, start),
  };
}

/** A month with fewer days than this is left out. */
const fullMonth = 26;

function spreadOfMonths(departures: Float64Array, start: number): number {
  const months = new Map<string, number[]>();
  departures.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const month = dateOf(start + i).slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), value]);
  });
  const means = [...months.values()]
    .filter((days) => days.length >= fullMonth)
    .map((days) => days.reduce((sum, value) => sum + value, 0) / days.length);
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  return Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (means.length - 1));
}

function meanOf(values: Float64Array, of: (value: number, i: number) => number): number {
  let sum = 0;
  let count = 0;
  values.forEach((value, i) => {
    const term = of(value, i);
    if (Number.isNaN(term)) return;
    sum += term;
    count++;
  });
  return sum / count;
}

const lagOne = (x: Float64Array) =>
  meanOf(x, (value, i) => value * (x[i - 1] ?? NaN)) / meanOf(x, (value) => value * value);

/** How far an observed figure lies from simulated ones, in standard deviations of theirs. */
export function standardized(
  observed: number,
  simulated: readonly number[],
): { mean: number; sd: number; z: number } {
  const mean = simulated.reduce((sum, value) => sum + value, 0) / simulated.length;
  const sd = Math.sqrt(
    simulated.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (simulated.length - 1),
  );
  return { mean, sd, z: (observed - mean) / sd };
}
