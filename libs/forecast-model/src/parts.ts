/** Parts of the forecaster, for the tools that fit and verify it. */
export { calendarDay, calendarDays, dateOf, dayNumber, daysOfMonth, monthOf, yearOf } from "./calendar.ts";
export {
  probabilities,
  type NeighbourClimate,
  type Parameters,
  type StationClimate,
  type Temperature,
} from "./climate.ts";
export { factorize, forwardSolve, rowStart } from "./cholesky.ts";
export {
  correlationsSchema,
  covarianceOf,
  Covariances,
  displacement,
  elements,
  hours,
  type CorrelationParameters,
  type Place,
} from "./correlations.ts";
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
export { Marginals, wetFrom } from "./marginals.ts";
export { normalQuantile, probabilityBelow } from "./normal.ts";
export { heardFrom, relevant, scoresOf, type Heard, type Listened, type Observation } from "./observation.ts";
export { posterior } from "./posterior.ts";
export { Deviates } from "./random.ts";
