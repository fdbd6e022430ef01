import { errorFunction } from "simple-statistics";

/** Probability that a standard normal variable is below z. */
export const below = (z: number) => (1 + errorFunction(z / Math.SQRT2)) / 2;

const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** CRPS of a normal forecast, in its unit: Gneiting et al. (2005), equation 5. */
export function crpsOfNormal(mean: number, sd: number, observed: number): number {
  const z = (observed - mean) / sd;
  return sd * (z * (2 * below(z) - 1) + 2 * density(z) - 1 / Math.sqrt(Math.PI));
}

/** Standard deviations from the median to the 90th percentile. */
export const toP90 = 1.2815515655446004;
