import type { Day } from "@weather/contracts";
import { percentiles } from "../figures.ts";

/**
 * How much a forecast differs from the climate: the mean distance of their quantiles, in widths of the climate's 10–90 % range.
 * Computed for highs and for lows; the larger of the two counts. 0 means that the forecast knows no more than the climate.
 */
export function knowledge(day: Day, usual: Day): number {
  const distance = (one: Day["high"], other: Day["high"]) => {
    const distances = percentiles.flatMap((p) => {
      const [a, b] = [one[p], other[p]];
      return a === undefined || b === undefined ? [] : [Math.abs(a - b)];
    });
    const mean = distances.reduce((sum, value) => sum + value, 0) / distances.length;
    return mean / Math.max(other.p90 - other.p10, 0.1);
  };
  return Math.max(distance(day.high, usual.high), distance(day.low, usual.low));
}

/** Opacity of a day's colour, 0.15 to 1: full from a knowledge of 0.5. Below that, the grey of the climate shows through. */
export const strength = (knowledge: number): number => 0.15 + 0.85 * Math.min(1, knowledge / 0.5);

/** How many of the first days a forecast knows better than the climate. */
export function knownDays(knowledges: readonly number[]): number {
  const unknown = knowledges.findIndex((value) => value < 0.05);
  return unknown < 0 ? knowledges.length : unknown;
}
