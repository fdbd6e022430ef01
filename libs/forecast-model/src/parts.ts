/** What the forecaster is made of, for the tools that fit and verify it. */
export { calendarDay, calendarDays, dateOf, dayNumber, daysOfMonth, monthOf } from "./calendar.ts";
export type { Parameters, StationClimate, Temperature } from "./climate.ts";
export { basis, curveFrom, throughTheYear, type Curve } from "./curve.ts";
export {
  errorAt,
  forecastErrorsSchema,
  nwsErrors,
  type ErrorsByLead,
  type ForecastErrors,
} from "./dressing/errors.ts";
export { Ensemble } from "./ensemble.ts";
export { Gamma } from "./gamma.ts";
export { Deviates } from "./random.ts";
export { shareOfWetDays, tablesOf, wetFrom } from "./tables.ts";
