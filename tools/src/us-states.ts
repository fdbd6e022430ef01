import { usStateFrom, usStates, type Place, type UsState } from "@weather/contracts";
import { closest, distance as levenshtein } from "fastest-levenshtein";

export { usStates, type Place, type UsState };

/**
 * Finds a state by its key, name or postal code: `north-carolina`, `North Carolina`, `NC`.
 *
 * @throws Error if there is none; the message says which one may be meant
 */
export function usState(text: string): UsState {
  const found = usStateFrom(text);
  if (found) return found;
  const key = text.toLowerCase();
  const nearest = closest(
    key,
    usStates.map((state) => state.key),
  );
  // "bavaria" is near to nothing.
  const meant =
    levenshtein(key, nearest) <= 2 ? `Did you mean ${nearest}?` : "Write it as kentucky, or as KY.";
  throw new Error(`"${text}" is no US state or territory. ${meant}`);
}

/** Distance along the great circle, in radians (haversine formula). */
export function distance(one: Place, other: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [a, b] = [radians(one.latitude), radians(other.latitude)];
  const half = Math.sin((b - a) / 2) ** 2;
  const across = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  return 2 * Math.asin(Math.sqrt(half + Math.cos(a) * Math.cos(b) * across));
}
