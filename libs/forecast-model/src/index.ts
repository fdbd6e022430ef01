export { climateSchema, type Climate, type NeighbourClimate, type StationClimate } from "./climate.ts";
export type { PointDay, PointValue } from "./dressing/point-forecast.ts";
export {
  forecaster,
  type About,
  type Answers,
  type Forecaster,
  type Question,
  type Station,
} from "./forecaster.ts";
export type { Observation } from "./observation.ts";
export { seedFrom } from "./random.ts";
