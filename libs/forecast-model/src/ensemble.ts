import { calendarDay } from "./calendar.ts";
import { rowStart } from "./cholesky.ts";
import { departureAt, type Marginals } from "./marginals.ts";
import { probabilityBelow } from "./normal.ts";
import type { Continuation, Posterior } from "./posterior.ts";
import type { Deviates } from "./random.ts";

/**
 * Deviations from the mean score are widened by this share, times the correlation of forecast and truth. Correlations are
 * estimated from samples. Without the widening, the 10-90 % range covers less than 80 % in years outside the samples.
 */
const widening = 0.03;

/** Share of the model's information on wetness that holds in years outside the samples. */
const trust = 0.92;

/** Lowest chance of precipitation; the highest is 1 minus this. No forecast is certain. */
const leastChance = 0.02;

/**
 * The members of an ensemble on one day, each a possible weather: a draw from the joint normal distribution of the scores
 * of all days, turned into °C and mm by the station's marginals.
 *
 * Members come in pairs that draw opposite numbers (antithetic variates: Hammersley & Morton 1956): each is a possible
 * weather like any other, and their mean is steadier.
 *
 * One object serves all forecasts, so that a forecast allocates little memory.
 */
export class Ensemble {
  /** Values of each member on the present day: °C, °C, mm. Only the first `size` are valid. */
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly precipitation: Float64Array;
  /** Probability of a wet day in the distribution that the members are drawn from, 0 to 1. */
  chance = 0;
  size = 0;

  readonly #pairs: number;
  /** Deviates of all days so far, a row for each day and element, a column for each pair of members. */
  readonly #deviates: Float64Array[];
  /** Deviation of the first of each pair from the mean score, for each element of the present day. */
  readonly #apart: readonly [Float64Array, Float64Array, Float64Array];
  /** Score of each member on the day from which it continues. */
  readonly #from: readonly [Float64Array, Float64Array, Float64Array];
  #posterior: Posterior = { mean: new Float64Array(), factor: new Float64Array() };
  #continuation: Continuation | undefined;
  #row = 0;

  constructor(capacity: number) {
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.precipitation = new Float64Array(capacity);
    this.#pairs = Math.ceil(capacity / 2);
    this.#deviates = [];
    this.#apart = three(this.#pairs);
    this.#from = three(capacity);
  }

  /** Starts again, on the day before the first one of the distribution. */
  start(posterior: Posterior, size: number): void {
    this.#posterior = posterior;
    this.#continuation = undefined;
    this.#row = 0;
    this.size = size;
  }

  /** Lets the members continue from their high, low and precipitation of the present day. */
  goOn(continuation: Continuation, { high, low, precipitation }: Marginals, day: number): void {
    const [fromHigh, fromLow, fromWet] = this.#from;
    const at = calendarDay(day);
    for (let member = 0; member < this.size; member++) {
      fromHigh[member] = high.score(this.high[member]!, day);
      fromLow[member] = low.score(this.low[member]!, day);
      const { value, error } = precipitation.score(this.precipitation[member]!, at);
      fromWet[member] = value / (1 + error);
    }
    this.#posterior = continuation;
    this.#continuation = continuation;
    this.#row = 0;
  }

  /** Goes on by one day. @param day Days since 1970-01-01. */
  next({ high, low, precipitation }: Marginals, day: number, deviates: Deviates): void {
    const { mean, factor } = this.#posterior;
    const [forHigh, forLow, forWet] = this.#apart;
    for (const apart of this.#apart) this.#draw(apart, deviates);
    const first = this.#row - 3;
    const [scoreHigh, scoreLow, scoreWet] = [mean[first]!, mean[first + 1]!, mean[first + 2]!];
    const at = calendarDay(day);
    const threshold = precipitation.threshold(at);
    const deviation = norm(factor, first + 2);
    const meanWet = trust * scoreWet;
    const deviationWet = Math.sqrt(1 - trust * trust * Math.max(0, 1 - deviation * deviation));
    const widthWet = deviationWet / deviation;
    const [widthHigh, widthLow] = [widened(norm(factor, first)), widened(norm(factor, first + 1))];
    this.chance = within(
      leastChance,
      1 - leastChance,
      1 - probabilityBelow((threshold - meanWet) / deviationWet),
    );
    let chance = 0;
    const [meanHigh, meanLow] = [high.mean(day), low.mean(day)];
    const [highs, lows] = [high.departures(day), low.departures(day)];
    for (let member = 0; member < this.size; member++) {
      const pair = member >> 1;
      const side = member & 1 ? -1 : 1;
      const more = this.#continuation;
      const highest =
        meanHigh +
        departureAt(
          highs,
          scoreHigh + (more ? this.#since(more, first, member) : 0) + side * widthHigh * forHigh[pair]!,
        );
      const lowest =
        meanLow +
        departureAt(
          lows,
          scoreLow + (more ? this.#since(more, first + 1, member) : 0) + side * widthLow * forLow[pair]!,
        );
      // A low above the high is rare. Then the two are exchanged.
      this.high[member] = lowest > highest ? lowest : highest;
      this.low[member] = lowest > highest ? highest : lowest;
      const ownWet = meanWet + (more ? trust * this.#since(more, first + 2, member) : 0);
      if (more) chance += 1 - probabilityBelow((threshold - ownWet) / deviationWet);
      const wetness = ownWet + side * widthWet * forWet[pair]!;
      this.precipitation[member] = wetness > threshold ? precipitation.amount(wetness, at) : 0;
    }
    if (this.#continuation) this.chance = within(leastChance, 1 - leastChance, chance / this.size);
  }

  /** Expected score, given the day that a member continues from. */
  #since({ gain }: Continuation, row: number, member: number): number {
    const [high, low, wet] = this.#from;
    return gain[0][row]! * high[member]! + gain[1][row]! * low[member]! + gain[2][row]! * wet[member]!;
  }

  /** Draws the next row of the factor times independent deviates. */
  #draw(into: Float64Array, deviates: Deviates): void {
    const { factor } = this.#posterior;
    const row = this.#row++;
    const pairs = (this.size + 1) >> 1;
    deviates.normal((this.#deviates[row] ??= new Float64Array(this.#pairs)), pairs);
    into.fill(0, 0, pairs);
    const start = rowStart(row);
    for (let column = 0; column <= row; column++) {
      const weight = factor[start + column]!;
      const drawn = this.#deviates[column]!;
      for (let pair = 0; pair < pairs; pair++) into[pair]! += weight * drawn[pair]!;
    }
  }
}

const three = (length: number): [Float64Array, Float64Array, Float64Array] => [
  new Float64Array(length),
  new Float64Array(length),
  new Float64Array(length),
];

/** Standard deviation of a variable from its row of the factor. */
function norm(factor: Float64Array, row: number): number {
  let sum = 0;
  for (let i = rowStart(row); i < rowStart(row + 1); i++) sum += factor[i]! ** 2;
  return Math.sqrt(sum);
}

const widened = (deviation: number) => 1 + widening * Math.sqrt(Math.max(0, 1 - deviation * deviation));

const within = (min: number, max: number, value: number) => (value < min ? min : value > max ? max : value);
