import type { Deviates } from "../random.ts";
import type { ForecastErrors } from "./errors.ts";

/** y = first * x1 + second * x2 + rest * e, such that y has variance 1. */
interface Regression {
  first: number;
  second: number;
  rest: number;
}

/** The regression on two standardized variables that correlate with each other and with y (Yule-Walker equations). */
function regressionOn(withFirst: number, withSecond: number, together: number): Regression {
  const determinant = 1 - together * together;
  const first = (withFirst - together * withSecond) / determinant;
  const second = (withSecond - together * withFirst) / determinant;
  return { first, second, rest: Math.sqrt(1 - first * withFirst - second * withSecond) };
}

/**
 * Standardized errors of one forecast, day by day: a first-order autoregression in which the low depends on the low
 * and the high of the day before, and the high on the high of the day before and the same day's low. It keeps the four
 * measured correlations. One for each pair of members, whose errors are opposite.
 */
export class ErrorChain {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly #e: Float64Array;
  readonly #forLow: Regression;
  readonly #forHigh: Regression;
  readonly #sameDay: number;

  constructor(pairs: number, correlations: ForecastErrors["correlations"]) {
    const { highWithNextHigh, lowWithNextLow, lowWithHigh, highWithNextLow } = correlations;
    this.high = new Float64Array(pairs);
    this.low = new Float64Array(pairs);
    this.#e = new Float64Array(pairs);
    this.#forLow = regressionOn(lowWithNextLow, highWithNextLow, lowWithHigh);
    this.#forHigh = regressionOn(highWithNextHigh, lowWithHigh, highWithNextLow);
    this.#sameDay = lowWithHigh;
  }

  /** Errors of the first day. */
  start(pairs: number, deviates: Deviates): void {
    const rest = Math.sqrt(1 - this.#sameDay ** 2);
    deviates.normal(this.low, pairs);
    deviates.normal(this.#e, pairs);
    for (let i = 0; i < pairs; i++) this.high[i] = this.#sameDay * this.low[i]! + rest * this.#e[i]!;
  }

  /** Errors of the next day. */
  next(pairs: number, deviates: Deviates): void {
    const { high, low } = this;
    this.#step(low, this.#forLow, [low, high], pairs, deviates);
    this.#step(high, this.#forHigh, [high, low], pairs, deviates);
  }

  #step(
    y: Float64Array,
    { first, second, rest }: Regression,
    [x1, x2]: readonly [Float64Array, Float64Array],
    pairs: number,
    deviates: Deviates,
  ): void {
    const e = this.#e;
    deviates.normal(e, pairs);
    for (let i = 0; i < pairs; i++) y[i] = first * x1[i]! + second * x2[i]! + rest * e[i]!;
  }
}
