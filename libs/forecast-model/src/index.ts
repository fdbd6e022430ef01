export { climateSchema, type Climate, type StationClimate } from "./climate.ts";
export type { Basis, PointDay, PointValue } from "./dressing/point-forecast.ts";
export {
  forecaster,
  UnknownStation,
  type Day,
  type Forecaster,
  type Question,
  type Station,
} from "./forecaster.ts";
export type { Observed } from "./ensemble.ts";
export type { Spread } from "./outlook.ts";
export { seedFrom } from "./random.ts";
export type { Risk, Threshold } from "./risk.ts";
