import type { Ensemble } from "./ensemble.ts";
import { summaryOf } from "./summary.ts";
import { Tally } from "./tally.ts";

/** Quantiles of the ensemble, °C, to 0.1 °C. */
export interface Spread {
  p10: number;
  p25: number;
  p50: number;
  p75: number;
  p90: number;
}

/** One day of a forecast in figures and in words. */
export interface Outlook {
  high: Spread;
  low: Spread;
  precipitation: {
    /** Probability of at least 0.254 mm, 0 to 1, to 0.01. */
    chance: number;
    /** Mean of all members, dry ones too, mm, to 0.1 mm. */
    mean: number;
    /** 90th percentile of all members, mm, to 0.1 mm. */
    p90: number;
  };
  summary: string;
}

// Reused for every day; each use resets them.
const temperatures = new Tally(-100, 70);
const amounts = new Tally(0, 300);

/** The present day of an ensemble. */
export function outlookOf({ high, low, precipitation, chance, size }: Ensemble): Outlook {
  const outlook = {
    high: spreadOf(temperatures.count(high, size)),
    low: spreadOf(temperatures.count(low, size)),
    precipitation: {
      chance: Math.round(chance * 100) / 100,
      mean: tenths(meanOf(precipitation, size)),
      p90: tenths(amounts.count(precipitation, size).quantile(0.9)),
    },
  };
  return { ...outlook, summary: summaryOf(outlook) };
}

const spreadOf = (tally: Tally): Spread => ({
  p10: tenths(tally.quantile(0.1)),
  p25: tenths(tally.quantile(0.25)),
  p50: tenths(tally.quantile(0.5)),
  p75: tenths(tally.quantile(0.75)),
  p90: tenths(tally.quantile(0.9)),
});

function meanOf(values: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += values[i]!;
  return sum / size;
}

/** Adding 0 turns -0 into 0, as JSON would. */
const tenths = (value: number) => Math.round(value * 10) / 10 + 0;
