import { throughTheYear, yearOf, type Curve } from "@weather/forecast-model/parts";

/**
 * Warming in °C a year between the Midwest and the Atlantic, stronger in winter than in summer. It is rounded from linear trends
 * of two sets: Baltimore-Washington airport from 1981 to 2019 and 1991 to 2019 (GHCN-Daily; high 0.023 and 0.020, low 0.025 and
 * 0.037), and the fifteen USCRN stations from 2003 to 2024 (high 0.049, low 0.054; winter 0.14, summer 0.02).
 */
export const warming: { readonly high: Curve; readonly low: Curve } = {
  high: { mean: 0.03, cycles: [{ amplitude: 0.03, peakDay: 15 }] },
  low: { mean: 0.035, cycles: [{ amplitude: 0.02, peakDay: 15 }] },
};

const year = { high: throughTheYear(warming.high), low: throughTheYear(warming.low) };

/** How much warmer a day is than it would have been in another year, °C. */
export const warmedBy = (element: "high" | "low", calendarDay: number, day: number, since: number) =>
  (year[element][calendarDay] ?? NaN) * (yearOf(day) - since);
