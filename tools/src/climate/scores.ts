import { quantile } from "./quantiles.ts";

/**
 * Continuous ranked probability score of an ensemble, in the unit of its members; of a single member it is the absolute
 * error. Hersbach (2000), equation 20, in the form mean |x - y| - ½ mean |x - x'|.
 * @param sorted Members in rising order.
 */
export function crps(sorted: Float64Array, observed: number): number {
  const size = sorted.length;
  let distance = 0;
  let spread = 0;
  for (let i = 0; i < size; i++) {
    const member = sorted[i] ?? NaN;
    distance += Math.abs(member - observed);
    spread += (2 * i + 1 - size) * member;
  }
  return distance / size - spread / (size * size);
}

/** Mean scores of the forecasts of one quantity. */
export class EnsembleScore {
  count = 0;
  #absoluteError = 0;
  #crps = 0;
  #covered = 0;

  /** @param sorted Members in rising order. */
  add(sorted: Float64Array, observed: number): void {
    this.count++;
    this.#absoluteError += Math.abs(quantile(sorted, 0.5) - observed);
    this.#crps += crps(sorted, observed);
    if (observed >= quantile(sorted, 0.1) && observed <= quantile(sorted, 0.9)) this.#covered++;
  }

  /** The score of these forecasts and those of others together. */
  with(others: readonly EnsembleScore[]): EnsembleScore {
    const all = new EnsembleScore();
    for (const score of [this, ...others]) {
      all.count += score.count;
      all.#absoluteError += score.#absoluteError;
      all.#crps += score.#crps;
      all.#covered += score.#covered;
    }
    return all;
  }

  /** Mean absolute error of the median. */
  get meanAbsoluteError() {
    return this.#absoluteError / this.count;
  }

  get crps() {
    return this.#crps / this.count;
  }

  /** Share of observations from the 10th to the 90th percentile, 0 to 1. */
  get coverage() {
    return this.#covered / this.count;
  }
}

/** Brier score and reliability of probabilities. */
export class ProbabilityScore {
  count = 0;
  #brier = 0;
  /** Forecasts by tenths of probability: how many, the sum of their probabilities, how often it happened. */
  readonly bins = Array.from({ length: 10 }, () => ({ count: 0, probability: 0, happened: 0 }));

  add(probability: number, happened: boolean): void {
    this.count++;
    this.#brier += (probability - Number(happened)) ** 2;
    const bin = this.bins[Math.min(9, Math.floor(probability * 10))];
    if (!bin) return;
    bin.count++;
    bin.probability += probability;
    bin.happened += Number(happened);
  }

  /** The score of these forecasts and those of others together. */
  with(others: readonly ProbabilityScore[]): ProbabilityScore {
    const all = new ProbabilityScore();
    for (const score of [this, ...others]) {
      all.count += score.count;
      all.#brier += score.#brier;
      score.bins.forEach((bin, i) => {
        const sum = all.bins[i];
        if (!sum) return;
        sum.count += bin.count;
        sum.probability += bin.probability;
        sum.happened += bin.happened;
      });
    }
    return all;
  }

  /** How often it happened. */
  get happened() {
    return this.bins.reduce((sum, { happened }) => sum + happened, 0);
  }

  /** Mean square of probability minus outcome: 0 is perfect. Brier (1950). */
  get brier() {
    return this.#brier / this.count;
  }
}

/** Share of a reference's error that a forecast saves: 1 is perfect, 0 no better, below 0 worse. */
export const skill = (score: number, reference: number) => 1 - score / reference;
