import {
  calendarDay,
  covarianceOf,
  dateOf,
  daysOfMonth,
  Deviates,
  Marginals,
  type CorrelationParameters,
  type Parameters,
} from "@weather/forecast-model/parts";
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { mean, sampleStandardDeviation } from "simple-statistics";
import { monthlyMeans, wetness, type DailySeries } from "./series.ts";

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

/** Number of past days on which a simulated day depends. All other correlations follow from these. */
const memoryDays = 30;

/** Simulates series with the days of a given one. A value that is missing there is missing in each of them. */
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
  weights: readonly (readonly number[])[];
  factor: readonly (readonly number[])[];
}

/** The autoregression whose scores have the correlations of the model (Yule-Walker equations). */
function autoregression(correlations: CorrelationParameters): Step {
  const of = covarianceOf(correlations);
  const lags = Array.from({ length: memoryDays + 1 }, (_, days) => of(0, 0, days, true));
  // Index 3 * (days before) + element, the simulated day itself first.
  const covariance = (a: number, b: number) => {
    const [before, after] = a >= b ? [a, b] : [b, a];
    const days = Math.floor(before / 3) - Math.floor(after / 3);
    return lags[days]![3 * (before % 3) + (after % 3)]!;
  };
  const indices = Array.from({ length: 3 * (memoryDays + 1) }, (_, i) => i);
  const all = new Matrix(indices.map((a) => indices.map((b) => covariance(a, b))));
  const [today, past] = [indices.slice(0, 3), indices.slice(3)];
  const between = all.selection(past, today);
  const ofPast = all.selection(past, past).add(Matrix.eye(past.length).mul(1e-3));
  const weights = new CholeskyDecomposition(ofPast).solve(between).transpose();
  const rest = all.selection(today, today).sub(weights.mmul(between));
  // Rounding leaves it not quite symmetric.
  const left = rest.clone().add(rest.transpose()).div(2);
  return {
    weights: weights.to2DArray(),
    factor: new CholeskyDecomposition(left).lowerTriangularMatrix.to2DArray(),
  };
}

function scoresOf({ weights, factor }: Step, days: number, deviates: Deviates): Float64Array {
  const scores = new Float64Array(3 * days);
  const drawn = new Float64Array(3);
  for (let day = 0; day < days; day++) {
    deviates.normal(drawn, 3);
    const known = Math.min(day, memoryDays);
    for (let element = 0; element < 3; element++) {
      let score = 0;
      for (let k = 0; k <= element; k++) score += factor[element]![k]! * drawn[k]!;
      for (let before = 0; before < known; before++)
        for (let e = 0; e < 3; e++)
          score += weights[element]![3 * before + e]! * scores[3 * (day - 1 - before) + e]!;
      scores[3 * day + element] = score;
    }
  }
  return scores;
}

/** @param parameters Whose seasonal means the departures are counted from. */
export function statisticsOf(series: DailySeries, parameters: Parameters): Statistics {
  const { start, high, low, precipitation } = series;
  const marginals = new Marginals(parameters);
  const highs = high.map((value, i) => value - marginals.high.mean(start + i));
  const lows = low.map((value, i) => value - marginals.low.mean(start + i));
  return {
    wetShare: monthlyMeans(wetness(series), start),
    amount: monthlyMeans(precipitation, start).map((amount, month) => {
      const [from, to] = daysOfMonth(month);
      return amount * (to - from);
    }),
    biasHigh: mean(known(highs)),
    biasLow: mean(known(lows)),
    lagHigh: lagOne(highs),
    lagLow: lagOne(lows),
    monthsHigh: spreadOfMonths(highs, start),
    monthsLow: spreadOfMonths(lows, start),
  };
}

const known = (values: Float64Array) => Array.from(values).filter((value) => !Number.isNaN(value));

/** A month with fewer days than this is left out. */
const fullMonth = 26;

function spreadOfMonths(departures: Float64Array, start: number): number {
  const months = new Map<string, number[]>();
  departures.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const month = dateOf(start + i).slice(0, 7);
    const days = months.get(month) ?? [];
    months.set(month, days);
    days.push(value);
  });
  const full = [...months.values()].filter((days) => days.length >= fullMonth);
  return sampleStandardDeviation(full.map(mean));
}

const lagOne = (x: Float64Array) =>
  mean(known(x.map((value, i) => value * (x[i - 1] ?? NaN)))) / mean(known(x.map((value) => value * value)));

/** Distance of an observed figure from the simulated ones, in standard deviations of the simulated ones. */
export function standardized(observed: number, simulated: number[]) {
  const [middle, sd] = [mean(simulated), sampleStandardDeviation(simulated)];
  return { mean: middle, sd, z: (observed - middle) / sd };
}
