import type { Basis } from "./dressing/point-forecast.ts";
import type { Ensemble } from "./ensemble.ts";

/** The event of a risk: a low below 0 °C (frost), a high above 32 °C, more than 25 mm of precipitation in a day. */
export type Threshold = { of: "high" | "low" | "precipitation" } & ({ above: number } | { below: number });

export interface Risk {
  days: {
    /** YYYY-MM-DD */
    date: string;
    /** Share of the members that cross the threshold on this day, 0 to 1, to 0.01. */
    chance: number;
    /** Its origin, if there is a point forecast. */
    basis?: Basis;
  }[];
  /** Share of the members that cross it on at least one of the days, 0 to 1, to 0.01. */
  chance: number;
}

/** Counts the members of an ensemble that cross a threshold. One object serves all questions. */
export class Crossing {
  readonly #crossed: Uint8Array;
  #threshold: Threshold = { of: "low", below: 0 };

  constructor(capacity: number) {
    this.#crossed = new Uint8Array(capacity);
  }

  /** Starts again, with this threshold. */
  watch(threshold: Threshold): void {
    this.#threshold = threshold;
    this.#crossed.fill(0);
  }

  /** Share of the members that cross it on the present day. */
  on(ensemble: Ensemble): number {
    const threshold = this.#threshold;
    const values = ensemble[threshold.of];
    let count = 0;
    for (let member = 0; member < ensemble.size; member++) {
      const value = values[member]!;
      if ("above" in threshold ? value > threshold.above : value < threshold.below) {
        count++;
        this.#crossed[member] = 1;
      }
    }
    return hundredths(count / ensemble.size);
  }

  /** Share of the members that crossed it on any day so far. */
  ever(size: number): number {
    let count = 0;
    for (let member = 0; member < size; member++) count += this.#crossed[member]!;
    return hundredths(count / size);
  }
}

const hundredths = (value: number) => Math.round(value * 100) / 100;
