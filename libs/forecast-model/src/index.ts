export { climateSchema, type Climate, type NeighbourClimate, type StationClimate } from "./climate.ts";
export type { Basis, PointDay, PointValue } from "./dressing/point-forecast.ts";
export {
  forecaster,
  UnknownStation,
  type About,
  type Answers,
  type Day,
  type Forecaster,
  type Observed,
  type Question,
  type Station,
} from "./forecaster.ts";
export type { Observation } from "./observation.ts";
export type { Spread } from "./outlook.ts";
export { seedFrom } from "./random.ts";
export type { Risk, Threshold } from "./risk.ts";
