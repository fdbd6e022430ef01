export { BadSettings } from "./bad-settings.ts";
export type { Clusters } from "./clusters.ts";
export { secretFrom } from "./connect.ts";
export type { Health } from "./health.ts";
export type { Logger } from "./log.ts";
export type { Metrics } from "./metrics.ts";
export { run, type Program, type Running, type Work } from "./run.ts";
export {
  expected,
  processSettings,
  setting,
  settingsFrom,
  type Environment,
  type ProcessSettings,
} from "./settings.ts";
export { stopRequested } from "./stop.ts";
export { duration, whole } from "./values.ts";
