import { factorize, forwardSolve, rowStart, type Triangle } from "./cholesky.ts";
import type { Covariances } from "./correlations.ts";

/** A normal score that was observed. */
export interface ObservedScore {
  /** Index of its station among the places of the covariances. */
  place: number;
  /** Days after the first day of the forecast: -1 is the day before. */
  day: number;
  /** 0 high, 1 low, 2 wetness. */
  element: number;
  value: number;
  /** Error variance of the score. */
  error: number;
}

/** Normal distribution of the scores of high, low and wetness on the days of a forecast: index 3 * day + element. */
export interface Posterior {
  readonly mean: Float64Array;
  /** Cholesky factor of their covariance. */
  readonly factor: Triangle;
}

/** The coming days of a place whose present day is known: weights of that day's scores in the mean. */
export interface Continuation extends Posterior {
  readonly gain: readonly [high: Float64Array, low: Float64Array, wet: Float64Array];
}

/** Error variance of a neighbour's observation: a station does not represent its surroundings exactly. */
const neighbourError = 0.02;
/** The same for an observation of the place itself, because instruments read tenths. */
const ownError = 0.002;

/**
 * The distribution of the coming days at a place, given some scores: the conditional normal distribution, also known as
 * kriging or Gaussian process regression (Rasmussen & Williams 2006, algorithm 2.1). Any subset of stations, days and
 * elements may be known; without any it is the climate.
 */
export function posterior(
  covariances: Covariances,
  target: number,
  known: readonly ObservedScore[],
  days: number,
): Posterior {
  const size = 3 * days;
  const mean = new Float64Array(size);
  const factor = priorCovariance(covariances, target, size);
  if (known.length === 0) return { mean, factor: factorize(factor, size) };
  const root = factorize(observedCovariance(covariances, target, known), known.length);
  const weights = forwardSolve(
    root,
    Float64Array.from(known, ({ value }) => value),
  );
  const columns = Array.from({ length: size }, (_, t) => {
    const day = (t / 3) | 0;
    const element = t % 3;
    const column = Float64Array.from(
      known,
      (one) => covariances.between(one.place, target, day - one.day)[3 * one.element + element]!,
    );
    return forwardSolve(root, column);
  });
  for (let i = 0; i < size; i++) {
    mean[i] = dot(columns[i]!, weights);
    for (let j = 0; j <= i; j++) factor[rowStart(i) + j]! -= dot(columns[i]!, columns[j]!);
  }
  return { mean, factor: factorize(factor, size) };
}

/** The days after one whose three scores are known. */
export function continuation(covariances: Covariances, target: number, days: number): Continuation {
  const from = (element: number) => {
    const known = [0, 1, 2].map((e) => ({
      place: target,
      day: -1,
      element: e,
      value: Number(e === element),
      error: 0,
    }));
    return posterior(covariances, target, known, days);
  };
  const [high, low, wet] = [from(0), from(1), from(2)];
  return {
    mean: new Float64Array(3 * days),
    factor: high.factor,
    gain: [high.mean, low.mean, wet.mean],
  };
}

function priorCovariance(covariances: Covariances, target: number, size: number): Triangle {
  const matrix = new Float64Array(rowStart(size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const later = ((i / 3) | 0) - ((j / 3) | 0);
      matrix[rowStart(i) + j] = covariances.between(target, target, later)[3 * (j % 3) + (i % 3)]!;
    }
  }
  return matrix;
}

function observedCovariance(
  covariances: Covariances,
  target: number,
  known: readonly ObservedScore[],
): Triangle {
  const matrix = new Float64Array(rowStart(known.length));
  known.forEach((one, i) => {
    for (let j = 0; j <= i; j++) {
      const other = known[j]!;
      const between = covariances.between(other.place, one.place, one.day - other.day);
      matrix[rowStart(i) + j] = between[3 * other.element + one.element]!;
    }
    matrix[rowStart(i) + i]! += one.error + (one.place === target ? ownError : neighbourError);
  });
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
