import { calendarDay } from "../calendar.ts";
import type { Ensemble } from "../ensemble.ts";
import { wetFrom, type Marginals } from "../marginals.ts";
import type { Deviates } from "../random.ts";
import { ErrorChain } from "./error-chain.ts";
import { errorAt, nwsErrors } from "./errors.ts";
import type { Basis, DayBasis, PointDay, PointValue } from "./point-forecast.ts";

/** Least mean excess over 0.254 mm on a wet day, mm. It is used if the forecast amount is too small for the forecast chance. */
const leastExcess = 0.1;

/**
 * Turns a point forecast into members: "dresses" each value with measured errors (Roulston & Smith 2003). An ensemble of the
 * climate runs through the same days. A forecast value replaces the members' value. A value without a forecast stays, shifted by
 * its correlation with the replaced ones.
 *
 * Made once and used for every forecast.
 */
export class Dressing {
  readonly #errors: ErrorChain;
  readonly #forWet: Float64Array;
  readonly #forAmount: Float64Array;
  #begun = false;

  readonly #highWithLow: number;

  /** @param highWithLow Correlation of the high and the low of a day in the climate. */
  constructor(capacity: number, highWithLow: number) {
    this.#highWithLow = highWithLow;
    const pairs = Math.ceil(capacity / 2);
    this.#errors = new ErrorChain(pairs, nwsErrors.correlations);
    this.#forWet = new Float64Array(pairs);
    this.#forAmount = new Float64Array(pairs);
  }

  /** Begins a new forecast. */
  begin(): void {
    this.#begun = false;
  }

  /** Replaces the members' values on the present day of the ensemble, a day number, by those of the forecast. */
  dress(ensemble: Ensemble, at: number, day: PointDay, marginals: Marginals, deviates: Deviates): DayBasis {
    const pairs = (ensemble.size + 1) >> 1;
    if (this.#begun) this.#errors.next(pairs, deviates);
    else this.#errors.start(pairs, deviates);
    this.#begun = true;
    this.#temperatures(ensemble, at, day, marginals);
    const precipitation = this.#precipitation(ensemble, at, day, marginals, deviates);
    return { high: basisOf("high", day.high), low: basisOf("low", day.low), precipitation };
  }

  #temperatures({ high, low, size }: Ensemble, at: number, day: PointDay, marginals: Marginals) {
    const forHigh = day.high && member("high", day.high, marginals.high.mean(at));
    const forLow = day.low && member("low", day.low, marginals.low.mean(at));
    const together = this.#highWithLow;
    const ratio = marginals.high.deviation(at) / marginals.low.deviation(at);
    for (let i = 0; i < size; i++) {
      const sign = i & 1 ? -1 : 1;
      const [wasHigh, wasLow] = [high[i]!, low[i]!];
      let newHigh = forHigh ? forHigh(wasHigh, sign * this.#errors.high[i >> 1]!) : wasHigh;
      let newLow = forLow ? forLow(wasLow, sign * this.#errors.low[i >> 1]!) : wasLow;
      if (!forHigh) newHigh += together * ratio * (newLow - wasLow);
      if (!forLow) newLow += (together / ratio) * (newHigh - wasHigh);
      // A low above the high is rare. Then the two are exchanged, as in the climate.
      high[i] = Math.max(newHigh, newLow);
      low[i] = Math.min(newHigh, newLow);
    }
  }

  /** The share of wet members is the chance; the mean of all members is the forecast amount. */
  #precipitation(
    ensemble: Ensemble,
    at: number,
    day: PointDay,
    { precipitation }: Marginals,
    deviates: Deviates,
  ): Basis {
    const { chance, amount } = day.precipitation;
    if (chance === undefined) return "climate";
    const pairs = (ensemble.size + 1) >> 1;
    deviates.uniform(this.#forWet, pairs);
    deviates.uniform(this.#forAmount, pairs);
    const excess =
      amount === undefined || chance === 0
        ? precipitation.meanExcess(calendarDay(at))
        : Math.max(leastExcess, amount / chance - wetFrom);
    for (let i = 0; i < ensemble.size; i++) {
      const mirrored = i & 1;
      const forWet = mirrored ? 1 - this.#forWet[i >> 1]! : this.#forWet[i >> 1]!;
      const forAmount = mirrored ? 1 - this.#forAmount[i >> 1]! : this.#forAmount[i >> 1]!;
      const above = excess * precipitation.excess(forAmount);
      ensemble.precipitation[i] = forWet < chance ? wetFrom + above : 0;
    }
    ensemble.chance = chance;
    return "nws";
  }
}

/** A member's value, from its standardized error and its value in the climate. */
function member(element: "high" | "low", { value, lead }: PointValue, climateMean: number) {
  const { mean, sd, climateWeight } = errorAt(nwsErrors[element], lead);
  return (inClimate: number, error: number) =>
    value + mean + sd * error + climateWeight * (inClimate - climateMean);
}

function basisOf(element: "high" | "low", value: PointValue | undefined): Basis {
  if (value === undefined) return "climate";
  return errorAt(nwsErrors[element], value.lead).climateWeight > 0 ? "extrapolated" : "nws";
}
