export { climateSchema, type Climate, type StationClimate } from "./climate.ts";
export {
  forecaster,
  UnknownStation,
  type Day,
  type Forecaster,
  type Question,
  type Spread,
  type Station,
} from "./forecaster.ts";
export type { Observed } from "./ensemble.ts";
export { seedFrom } from "./random.ts";
