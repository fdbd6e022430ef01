import { calendarDay } from "./calendar.ts";
import type { Deviates } from "./random.ts";
import { wetFrom, type Tables } from "./tables.ts";

/** What was observed on a day: °C, °C and mm of water. */
export interface Observed {
  /** YYYY-MM-DD */
  date: string;
  high: number;
  low: number;
  precipitation: number;
}

/**
 * The members of an ensemble on one day, each a possible weather: the daily generator of Richardson (1981). Wet and dry
 * days are a two-state Markov chain, amounts are gamma deviates, and the anomalies of high and low, standardized by the
 * mean and standard deviation of such (wet or dry) days, are a bivariate first-order autoregression.
 *
 * Made once and used for every forecast, so that a forecast makes no garbage.
 */
export class Ensemble {
  /** Of each member on the present day: °C, °C, mm. Longer than the ensemble: only the first `size` count. */
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly precipitation: Float64Array;
  /** Probability of a wet day before the draw: the mean of what each member's own past gives it, 0 to 1. */
  chance = 0;
  size = 0;

  /** Standardized anomalies of the present day (1) and the day before (2). */
  readonly #high1: Float64Array;
  readonly #low1: Float64Array;
  readonly #high2: Float64Array;
  readonly #low2: Float64Array;
  readonly #wet: Uint8Array;

  constructor(capacity: number) {
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.precipitation = new Float64Array(capacity);
    this.#high1 = new Float64Array(capacity);
    this.#low1 = new Float64Array(capacity);
    this.#high2 = new Float64Array(capacity);
    this.#low2 = new Float64Array(capacity);
    this.#wet = new Uint8Array(capacity);
  }

  /** All members begin with what was observed on this day. */
  startFrom(observed: Observed, day: number, tables: Tables, size: number, deviates: Deviates): void {
    const { high, low } = tables;
    this.size = size;
    const wet = observed.precipitation >= wetFrom ? 1 : 0;
    const at = 2 * calendarDay(day) + wet;
    this.#wet.fill(wet, 0, size);
    this.#high1.fill((observed.high - (high.mean[at] ?? 0)) / (high.sd[at] ?? 1), 0, size);
    this.#low1.fill((observed.low - (low.mean[at] ?? 0)) / (low.sd[at] ?? 1), 0, size);
    this.#imagineDayBefore(day, tables, deviates);
  }

  /** Members begin anywhere in the climate of this day. */
  startAnywhere(day: number, tables: Tables, size: number, deviates: Deviates): void {
    const { wet, highWithLow } = tables;
    const { uniform, normal } = deviates;
    this.size = size;
    const at = calendarDay(day);
    for (let member = 0; member < size; member++) {
      const isWet = uniform() < wet[at]! ? 1 : 0;
      const together = highWithLow[isWet];
      const x = normal();
      this.#wet[member] = isWet;
      this.#high1[member] = x;
      this.#low1[member] = together * x + Math.sqrt(1 - together * together) * normal();
    }
    this.#imagineDayBefore(day, tables, deviates);
  }

  /** The day before the first one is not known: each member gets one of those that could have come before it. */
  #imagineDayBefore(day: number, { backward: { weights, offsets } }: Tables, { normal }: Deviates): void {
    const offset = 4 * calendarDay(day);
    for (let member = 0; member < this.size; member++) {
      const wet = this.#wet[member]!;
      const high = this.#high1[member]!;
      const low = this.#low1[member]!;
      const w = 7 * wet;
      const c = offset + 2 * wet;
      const e = normal();
      this.#high2[member] = offsets[c]! + weights[w]! * high + weights[w + 1]! * low + weights[w + 4]! * e;
      this.#low2[member] =
        offsets[c + 1]! +
        weights[w + 2]! * high +
        weights[w + 3]! * low +
        weights[w + 5]! * e +
        weights[w + 6]! * normal();
    }
  }

  /** Goes on by one day, to the day given. */
  next(day: number, tables: Tables, { uniform, normal, gamma }: Deviates): void {
    const { high, low, forward, wetAfter, excess, shape, perHigh, perLow } = tables;
    const { weights, offsets } = forward;
    const at = calendarDay(day);
    const amount = gamma(shape);
    const scale = excess[at]! / shape;
    const wetMembers = this.#wet;
    const [high1, low1, high2, low2] = [this.#high1, this.#low1, this.#high2, this.#low2];
    let chance = 0;
    let e1 = 0;
    let e2 = 0;
    let u = 0;
    for (let member = 0; member < this.size; member++) {
      const before = wetMembers[member]!;
      const h1 = high1[member]!;
      const l1 = low1[member]!;
      const h2 = high2[member]!;
      const l2 = low2[member]!;
      const probability = within(
        leastChance,
        1 - leastChance,
        wetAfter[2 * at + before]! + perHigh * h1 + perLow * l1,
      );
      chance += probability;
      u = member & 1 ? 1 - u : uniform();
      const wet = u < probability ? 1 : 0;
      const transition = 2 * before + wet;
      const w = 11 * transition;
      const c = 8 * at + 2 * transition;
      e1 = member & 1 ? -e1 : normal();
      e2 = member & 1 ? -e2 : normal();
      const xHigh =
        offsets[c]! +
        weights[w]! * h1 +
        weights[w + 1]! * l1 +
        weights[w + 2]! * h2 +
        weights[w + 3]! * l2 +
        weights[w + 8]! * e1;
      const xLow =
        offsets[c + 1]! +
        weights[w + 4]! * h1 +
        weights[w + 5]! * l1 +
        weights[w + 6]! * h2 +
        weights[w + 7]! * l2 +
        weights[w + 9]! * e1 +
        weights[w + 10]! * e2;
      wetMembers[member] = wet;
      high2[member] = h1;
      low2[member] = l1;
      high1[member] = xHigh;
      low1[member] = xLow;
      const such = 2 * at + wet;
      const highest = high.mean[such]! + high.sd[such]! * xHigh;
      const lowest = low.mean[such]! + low.sd[such]! * xLow;
      // A low above the high is rare; the two change places.
      this.high[member] = lowest > highest ? lowest : highest;
      this.low[member] = lowest > highest ? highest : lowest;
      this.precipitation[member] = wet ? wetFrom + scale * amount() : 0;
    }
    this.chance = chance / this.size;
  }
}

/** However cold or warm it was, it may rain or stay dry. */
const leastChance = 0.02;

const within = (min: number, max: number, value: number) => (value < min ? min : value > max ? max : value);
