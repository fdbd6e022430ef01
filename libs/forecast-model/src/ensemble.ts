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
 * The members of an ensemble on one day, each a possible weather: the daily generator of Richardson (1981; Richardson &
 * Wright 1984, WGEN). Wet and dry days are a two-state Markov chain, amounts are gamma deviates, and the anomalies of
 * high and low, standardized by the mean and standard deviation of such (wet or dry) days, are a bivariate
 * autoregression, x(t) = c + A x(known days) + B e(t).
 *
 * Three things go beyond it, each because forecasts got better by it (docs/forecast-model.md has the figures): A and B
 * differ with the weather of both days (dry after dry, wet after dry, …); two days before are looked at, of which the
 * earlier is imagined where only one was observed; and a wet day is likelier after a warm night.
 *
 * Members come in pairs that draw opposite numbers (antithetic variates: Hammersley & Morton 1956): each is a possible
 * weather like any other, and their mean is steadier.
 *
 * Made once and used for every forecast, so that a forecast makes little garbage.
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
  /** Deviates of the present day, one for each pair of members. */
  readonly #e1: Float64Array;
  readonly #e2: Float64Array;
  readonly #forWet: Float64Array;
  readonly #forAmount: Float64Array;

  constructor(capacity: number) {
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.precipitation = new Float64Array(capacity);
    this.#high1 = new Float64Array(capacity);
    this.#low1 = new Float64Array(capacity);
    this.#high2 = new Float64Array(capacity);
    this.#low2 = new Float64Array(capacity);
    this.#wet = new Uint8Array(capacity);
    const pairs = Math.ceil(capacity / 2);
    this.#e1 = new Float64Array(pairs);
    this.#e2 = new Float64Array(pairs);
    this.#forWet = new Float64Array(pairs);
    this.#forAmount = new Float64Array(pairs);
  }

  /** All members begin with what was observed on this calendar day. */
  startFrom(observed: Observed, at: number, tables: Tables, size: number, deviates: Deviates): void {
    const { high, low } = tables;
    this.size = size;
    const wet = observed.precipitation >= wetFrom ? 1 : 0;
    const such = 2 * at + wet;
    this.#wet.fill(wet, 0, size);
    this.#high1.fill((observed.high - (high.mean[such] ?? 0)) / (high.sd[such] ?? 1), 0, size);
    this.#low1.fill((observed.low - (low.mean[such] ?? 0)) / (low.sd[such] ?? 1), 0, size);
    this.#imagineDayBefore(at, tables, deviates);
  }

  /** Members go on from the high, low and precipitation that they have on this calendar day, wherever these come from. */
  startFromPresent(at: number, tables: Tables, deviates: Deviates): void {
    const { high, low } = tables;
    for (let member = 0; member < this.size; member++) {
      const wet = this.precipitation[member]! >= wetFrom ? 1 : 0;
      const such = 2 * at + wet;
      this.#wet[member] = wet;
      this.#high1[member] = (this.high[member]! - high.mean[such]!) / high.sd[such]!;
      this.#low1[member] = (this.low[member]! - low.mean[such]!) / low.sd[such]!;
    }
    this.#imagineDayBefore(at, tables, deviates);
  }

  /** Members begin anywhere in the climate of this calendar day. */
  startAnywhere(at: number, tables: Tables, size: number, deviates: Deviates): void {
    const { wet, highWithLow } = tables;
    this.size = size;
    this.#draw(deviates);
    for (let member = 0; member < size; member++) {
      const mirrored = member & 1;
      const pair = member >> 1;
      const u = mirrored ? 1 - this.#forWet[pair]! : this.#forWet[pair]!;
      const e1 = mirrored ? -this.#e1[pair]! : this.#e1[pair]!;
      const e2 = mirrored ? -this.#e2[pair]! : this.#e2[pair]!;
      const isWet = u < wet[at]! ? 1 : 0;
      const together = highWithLow[isWet];
      this.#wet[member] = isWet;
      this.#high1[member] = e1;
      this.#low1[member] = together * e1 + Math.sqrt(1 - together * together) * e2;
    }
    this.#imagineDayBefore(at, tables, deviates);
  }

  /** The day before the first one is not known: each member gets one of those that could have come before it. */
  #imagineDayBefore(at: number, { backward: { weights, offsets } }: Tables, deviates: Deviates): void {
    const offset = 4 * at;
    this.#draw(deviates);
    for (let member = 0; member < this.size; member++) {
      const wet = this.#wet[member]!;
      const high = this.#high1[member]!;
      const low = this.#low1[member]!;
      const w = 7 * wet;
      const c = offset + 2 * wet;
      const mirrored = member & 1;
      const e1 = mirrored ? -this.#e1[member >> 1]! : this.#e1[member >> 1]!;
      const e2 = mirrored ? -this.#e2[member >> 1]! : this.#e2[member >> 1]!;
      this.#high2[member] = offsets[c]! + weights[w]! * high + weights[w + 1]! * low + weights[w + 4]! * e1;
      this.#low2[member] =
        offsets[c + 1]! +
        weights[w + 2]! * high +
        weights[w + 3]! * low +
        weights[w + 5]! * e1 +
        weights[w + 6]! * e2;
    }
  }

  /** Fresh deviates for each pair of members. */
  #draw(deviates: Deviates): void {
    const pairs = (this.size + 1) >> 1;
    deviates.uniform(this.#forWet, pairs);
    deviates.uniform(this.#forAmount, pairs);
    deviates.normal(this.#e1, pairs);
    deviates.normal(this.#e2, pairs);
  }

  /** Goes on by one day, to this calendar day. */
  next(at: number, tables: Tables, deviates: Deviates): void {
    const { high, low, forward, wetAfter, excess, amount, shape, perHigh, perLow } = tables;
    const { weights, offsets } = forward;
    const scale = excess[at]! / shape;
    const wetMembers = this.#wet;
    const [high1, low1, high2, low2] = [this.#high1, this.#low1, this.#high2, this.#low2];
    let chance = 0;
    this.#draw(deviates);
    const [draws1, draws2, forWet, forAmount] = [this.#e1, this.#e2, this.#forWet, this.#forAmount];
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
      const mirrored = member & 1;
      const pair = member >> 1;
      const u = mirrored ? 1 - forWet[pair]! : forWet[pair]!;
      const e1 = mirrored ? -draws1[pair]! : draws1[pair]!;
      const e2 = mirrored ? -draws2[pair]! : draws2[pair]!;
      const wet = u < probability ? 1 : 0;
      const transition = 2 * before + wet;
      const w = 11 * transition;
      const c = 8 * at + 2 * transition;
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
      this.precipitation[member] = wet
        ? wetFrom + scale * amount.quantile(mirrored ? 1 - forAmount[pair]! : forAmount[pair]!)
        : 0;
    }
    this.chance = chance / this.size;
  }
}

/** However cold or warm it was, it may rain or stay dry. */
const leastChance = 0.02;

const within = (min: number, max: number, value: number) => (value < min ? min : value > max ? max : value);
