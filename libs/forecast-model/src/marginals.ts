import { calendarDay, yearOf } from "./calendar.ts";
import { probabilities, type Parameters, type Temperature } from "./climate.ts";
import { throughTheYear } from "./curve.ts";
import { Gamma } from "./gamma.ts";
import { density, normalQuantile, probabilityBelow } from "./normal.ts";

/** Least precipitation of a wet day, mm: 0.01 inch, as NCEI counts wet days. */
export const wetFrom = 0.254;

/** Normal scores are clamped to the range from -farthest to farthest. */
const farthest = 5;
const cellsPerScore = 8;
const knots = probabilities.map(normalQuantile);
const last = knots.length - 1;
/** Longest extrapolation of the warming, in years. */
const longestWarming = 40;

/**
 * The distribution of a station's high or low on each day of the year, as quantiles with linear interpolation. It converts values
 * to normal scores (the standard normal quantile of the same probability), and scores to values.
 */
class TemperatureMarginal {
  readonly #mean: Float64Array;
  readonly #departures: readonly Float64Array[];
  readonly #warming: Float64Array;
  readonly #meansOf: number;
  readonly #tables: (Float32Array | undefined)[] = [];

  constructor({ mean_C, departures_C, warming_C }: Temperature, meansOf: number) {
    this.#mean = throughTheYear(mean_C);
    this.#departures = departures_C.map(throughTheYear);
    this.#warming = throughTheYear(warming_C);
    this.#meansOf = meansOf;
  }

  /** Mean of a day, °C. @param day Days since 1970-01-01. */
  mean(day: number): number {
    const at = calendarDay(day);
    const years = Math.max(-longestWarming, Math.min(longestWarming, yearOf(day) - this.#meansOf));
    return this.#mean[at]! + years * this.#warming[at]!;
  }

  /** The normal score of a value in °C. */
  score(value: number, day: number): number {
    const at = calendarDay(day);
    const departure = value - this.mean(day);
    const quantile = (k: number) => this.#departures[k]![at]!;
    let k = 0;
    while (k < last - 1 && departure > quantile(k + 1)) k++;
    const inside = departure >= quantile(0) && departure <= quantile(last);
    // The tails continue with the slope of the outermost parts.
    const [from, to] = inside ? [k, k + 1] : departure < quantile(0) ? [0, 1] : [last, last - 1];
    const slope = (knots[to]! - knots[from]!) / (quantile(to) - quantile(from));
    return Math.max(-farthest, Math.min(farthest, knots[from]! + (departure - quantile(from)) * slope));
  }

  /** Standard deviation of the middle of the distribution, °C: half of the way from score -1 to score 1. */
  deviation(day: number): number {
    const departures = this.departures(day);
    return (departureAt(departures, 1) - departureAt(departures, -1)) / 2;
  }

  /** The value of a normal score, °C. */
  value(score: number, day: number): number {
    return this.mean(day) + departureAt(this.departures(day), score);
  }

  /** Departures from the mean, °C, at scores from -5 to 5 by eighths. */
  departures(day: number): Float32Array {
    const at = calendarDay(day);
    return (this.#tables[at] ??= this.#tableOf(at));
  }

  #tableOf(at: number): Float32Array {
    const quantile = (k: number) => this.#departures[k]![at]!;
    return Float32Array.from({ length: 2 * farthest * cellsPerScore + 1 }, (_, i) => {
      const score = i / cellsPerScore - farthest;
      let k = 0;
      while (k < last - 1 && score > knots[k + 1]!) k++;
      const [from, to] = score < knots[0]! ? [0, 1] : score > knots[last]! ? [last, last - 1] : [k, k + 1];
      const slope = (quantile(to) - quantile(from)) / (knots[to]! - knots[from]!);
      return quantile(from) + (score - knots[from]!) * slope;
    });
  }
}

/** The departure at a score, from a table of `TemperatureMarginal`. */
export function departureAt(table: Float32Array, score: number): number {
  let place = (score + farthest) * cellsPerScore;
  if (place < 0) place = 0;
  else if (place > table.length - 1.001) place = table.length - 1.001;
  const cell = place | 0;
  return table[cell]! + (place - cell) * (table[cell + 1]! - table[cell]!);
}

/** A score with a normal error of this variance. */
interface Score {
  value: number;
  error: number;
}

/**
 * The distribution of a station's precipitation. The score of a day determines whether it is wet, and the amount. There is no
 * trend, so `at` is always a calendar day, 0 to 365.
 */
class PrecipitationMarginal {
  readonly #wetShare: Float64Array;
  readonly #threshold: Float64Array;
  readonly #scale: Float64Array;
  readonly #amount: Gamma;
  readonly #shape: number;

  constructor({ wetShare, wetDayMean_mm, shape }: Parameters["precipitation"]) {
    this.#wetShare = throughTheYear(wetShare);
    this.#threshold = this.#wetShare.map((share) => normalQuantile(1 - share));
    this.#scale = throughTheYear(wetDayMean_mm).map((mean) => (mean - wetFrom) / shape);
    this.#amount = new Gamma(shape);
    this.#shape = shape;
  }

  /** A day is wet if its score lies above this. */
  threshold(at: number): number {
    return this.#threshold[at]!;
  }

  /** Mean of what falls above 0.254 mm on a wet day, mm. */
  meanExcess(at: number): number {
    return this.#scale[at]! * this.#shape;
  }

  /** Quantile of what falls above 0.254 mm on a wet day, in units of its mean. */
  excess(probability: number): number {
    return this.#amount.quantile(probability) / this.#shape;
  }

  /** Amount at a score above the threshold, mm. */
  amount(score: number, at: number): number {
    const above = 1 - (1 - probabilityBelow(score)) / this.#wetShare[at]!;
    return wetFrom + this.#scale[at]! * this.#amount.quantile(Math.min(Math.max(above, 0), 0.999999));
  }

  /**
   * The score of an amount in mm. The score of a wet day is exact. Of a dry day it is only known to lie below the threshold; it
   * counts as the normal observation that gives the same mean and variance (expectation propagation: Minka 2001).
   */
  score(amount: number, at: number): Score {
    const share = this.#wetShare[at]!;
    if (amount >= wetFrom) {
      const above = this.#amount.probability((amount - wetFrom) / this.#scale[at]!);
      return { value: normalQuantile(1 - share + share * Math.min(Math.max(above, 0.005), 0.995)), error: 0 };
    }
    const threshold = this.#threshold[at]!;
    const mean = -density(threshold) / (1 - share);
    const variance = 1 + threshold * mean - mean * mean;
    const error = variance / (1 - variance);
    return { value: mean * (1 + error), error };
  }
}

/** The climate of one station on each day of the year, independent of the days before. */
export class Marginals {
  readonly high: TemperatureMarginal;
  readonly low: TemperatureMarginal;
  readonly precipitation: PrecipitationMarginal;

  constructor({ high, low, precipitation, meansOf }: Parameters) {
    this.high = new TemperatureMarginal(high, meansOf);
    this.low = new TemperatureMarginal(low, meansOf);
    this.precipitation = new PrecipitationMarginal(precipitation);
  }
}
