export { BadSettings, cannotListen } from "./bad-settings.ts";
export type { Clusters } from "./clusters.ts";
export type { Health } from "./health.ts";
export type { Logger } from "./log.ts";
export type { Metrics } from "./metrics.ts";
export { run, type Running, type Work } from "./run.ts";
export { expected, processSettings, setting, settingsFrom, type Environment } from "./settings.ts";
export { duration, whole } from "./values.ts";
