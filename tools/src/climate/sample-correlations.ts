import { calendarDay, displacement, Marginals } from "@weather/forecast-model/parts";
import type { StationSeries } from "./daily-files.ts";
import { fitMarginals } from "./fit-marginals.ts";
import { between, splitOf } from "./series.ts";

/** Correlations of the scores of two stations, some days apart, as they were observed. */
export interface Sample {
  /** Where the second station lies, km. */
  east: number;
  north: number;
  /** Days from the first to the second. */
  days: number;
  same: boolean;
  /** Index 3 * (element at the first) + (element at the second). */
  correlations: Float64Array;
}

/** Lags in days: all that a forecast needs, and some longer ones. Longer lags hardly differ from each other. */
const daysApart = [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30];

/** A pair of stations with fewer common days than this is left out. */
const fewestDays = 600;

/** Normal scores of a station; wetness as its expectation, and the share of its variance that is known on average. */
interface Scores {
  series: StationSeries;
  values: readonly [Float64Array, Float64Array, Float64Array];
  known: readonly [number, number, number];
}

/** Of every pair of stations, in the years before each one's `splitOf`. */
export function sampleCorrelations(all: readonly StationSeries[]): Sample[] {
  const scores = all.map(scoresOf);
  return scores.flatMap((first, i) =>
    scores.flatMap((second, j) =>
      daysApart.flatMap((days) => {
        // On the same day, the reverse pair has the same correlations.
        if (days === 0 && j < i) return [];
        const correlations = correlationsOf(first, second, days);
        if (!correlations) return [];
        const [east, north] = displacement(first.series.place, second.series.place);
        return { east, north, days, same: i === j, correlations };
      }),
    ),
  );
}

function scoresOf(series: StationSeries): Scores {
  const training = between(series, "0001-01-01", splitOf(series));
  const { high, low, precipitation } = new Marginals(fitMarginals([training]));
  const score = (values: Float64Array, of: (value: number, day: number) => number) =>
    values.map((value, i) => (Number.isNaN(value) ? NaN : of(value, training.start + i)));
  const wet = Array.from(training.precipitation, (amount, i) =>
    precipitation.score(amount, calendarDay(training.start + i)),
  );
  const certain = wet.filter((_, i) => !Number.isNaN(training.precipitation[i] ?? NaN));
  const unknown = certain.reduce((sum, { error }) => sum + error / (1 + error), 0) / certain.length;
  return {
    series: training,
    values: [
      score(training.high, (value, day) => high.score(value, day)),
      score(training.low, (value, day) => low.score(value, day)),
      training.precipitation.map((amount, i) => {
        const { value, error } = wet[i] ?? { value: NaN, error: NaN };
        return Number.isNaN(amount) ? NaN : value / (1 + error);
      }),
    ],
    known: [1, 1, 1 - unknown],
  };
}

function correlationsOf(first: Scores, second: Scores, days: number): Float64Array | undefined {
  const result = new Float64Array(9);
  const shift = first.series.start + days - second.series.start;
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      const [left, right] = [first.values[a]!, second.values[b]!];
      let sum = 0;
      let count = 0;
      for (let i = Math.max(0, -shift); i < left.length && i + shift < right.length; i++) {
        const product = left[i]! * right[i + shift]!;
        if (Number.isNaN(product)) continue;
        sum += product;
        count++;
      }
      if (count < fewestDays) return undefined;
      // The expectation of an uncertain score varies less than the score: Price's theorem for the normal distribution.
      result[3 * a + b] = sum / count / (first.known[a]! * second.known[b]!);
    }
  }
  if (days === 0 && first === second) result[8] = 1;
  return result;
}
