import { density, probabilityBelow } from "@weather/forecast-model/parts";

/** CRPS of a normal forecast, in its unit: Gneiting et al. (2005), equation 5. */
export function crpsOfNormal(mean: number, sd: number, observed: number): number {
  const z = (observed - mean) / sd;
  return sd * (z * (2 * probabilityBelow(z) - 1) + 2 * density(z) - 1 / Math.sqrt(Math.PI));
}

/** Standard deviations from the median to the 90th percentile. */
export const toP90 = 1.2815515655446004;
