import type { Day } from "@weather/contracts";

const percentiles = ["p10", "p25", "p50", "p75", "p90"] as const;

/**
 * How much more a forecast knows of a day than the calendar: the mean distance of its quantiles from climatology's, in
 * widths of climatology's 10–90 % range; of highs or of lows, whichever is larger. 0 is nothing.
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

/** How strong the colour of a day is: full from a knowledge of 0.5. Where it fades, the grey of what is usual shows. */
export const strength = (knowledge: number): number => 0.15 + 0.85 * Math.min(1, knowledge / 0.5);

/** How many of the first days are known better than from the calendar. */
export function knownDays(knowledges: readonly number[]): number {
  const unknown = knowledges.findIndex((value) => value < 0.05);
  return unknown < 0 ? knowledges.length : unknown;
}
