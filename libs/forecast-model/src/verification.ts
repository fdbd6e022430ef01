export { hindcast, type ElementScores, type LeadScores } from "./hindcast.ts";
export { EnsembleScore, ProbabilityScore, skill } from "./scores.ts";
export { simulate, standardized, statisticsOf, type Statistics } from "./simulation.ts";
