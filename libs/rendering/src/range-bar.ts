import type { Day } from "@weather/contracts";

/** Range of temperatures, °C. */
interface Scale {
  coldest: number;
  warmest: number;
}

/** From the coldest night to the warmest day, with their 10–90 % ranges. */
export const scaleOf = (days: readonly Day[]): Scale => ({
  coldest: Math.min(...days.map(({ low }) => low.p10)),
  warmest: Math.max(...days.map(({ high }) => high.p90)),
});

/**
 * The day's temperatures on a common scale: solid from median low to median high, light for the 10–90 % range around them.
 *
 * @param width in characters
 */
export function rangeBar({ low, high }: Day, { coldest, warmest }: Scale, width = 20): string {
  const cell = (value: number) => Math.round(((value - coldest) / (warmest - coldest || 1)) * (width - 1));
  return Array.from({ length: width }, (_, index) => {
    if (index >= cell(low.p50) && index <= cell(high.p50)) return "█";
    return index >= cell(low.p10) && index <= cell(high.p90) ? "░" : " ";
  }).join("");
}
