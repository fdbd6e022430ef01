/** Parts of the forecaster, for the tools that fit and verify it. */
export { calendarDay, calendarDays, dateOf, dayNumber, daysOfMonth, monthOf, yearOf } from "./calendar.ts";
export { probabilities, type Parameters, type Temperature } from "./climate.ts";
export {
  correlationsSchema,
  covarianceOf,
  Covariances,
  displacement,
  hours,
  type CorrelationParameters,
  type Place,
} from "./correlations.ts";
export { angle, throughTheYear, type Curve } from "./curve.ts";
export { nwsErrors, type ErrorsByLead, type ForecastErrors } from "./dressing/errors.ts";
export { Ensemble } from "./ensemble.ts";
export { Gamma } from "./gamma.ts";
export { Marginals, wetFrom } from "./marginals.ts";
export { density, probabilityBelow } from "./normal.ts";
export { heardFrom, relevant, scoresOf, type Heard } from "./observation.ts";
export { posterior } from "./posterior.ts";
export { Deviates } from "./random.ts";
