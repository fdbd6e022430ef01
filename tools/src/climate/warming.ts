import { throughTheYear, yearOf, type Curve } from "@weather/forecast-model/parts";

/**
 * Warming in °C a year between the Midwest and the Atlantic, stronger in winter than in summer. It is rounded from two sets.
 * Baltimore-Washington airport was warmer in 2011-2019 than in 1981-2010 by 0.030 (high) and 0.037 °C (low) a year
 * (GHCN-Daily). The fifteen USCRN stations have linear trends of 0.049 and 0.054 from 2003 to 2024; of the high 0.14 in winter
 * and 0.02 in summer.
 */
export const warming: { readonly high: Curve; readonly low: Curve } = {
  high: { mean: 0.03, cycles: [{ amplitude: 0.03, peakDay: 15 }] },
  low: { mean: 0.04, cycles: [{ amplitude: 0.02, peakDay: 15 }] },
};

const year = { high: throughTheYear(warming.high), low: throughTheYear(warming.low) };

/** How much warmer a day is than it would have been in another year, °C. */
export const warmedBy = (element: "high" | "low", calendarDay: number, day: number, since: number) =>
  (year[element][calendarDay] ?? NaN) * (yearOf(day) - since);
