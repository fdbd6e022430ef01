import type { Place } from "./us-states.ts";

/** Mean radius of the Earth, km (R1 of the Geodetic Reference System 1980, Moritz 2000). */
const earthRadius = 6_371;

/**
 * Distance along the great circle, km: the haversine formula on a sphere (R. W. Sinnott, "Virtues of the Haversine", Sky and
 * Telescope 68, 1984). Its error is at most 0.6 %, because the Earth is not a sphere.
 */
export function distance(one: Place, other: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [a, b] = [radians(one.latitude), radians(other.latitude)];
  const half = Math.sin((b - a) / 2) ** 2;
  const across = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  // Rounding must not make the argument of arcsine greater than 1.
  return 2 * earthRadius * Math.asin(Math.sqrt(Math.min(1, half + Math.cos(a) * Math.cos(b) * across)));
}
