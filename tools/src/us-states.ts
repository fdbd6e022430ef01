import { usStateFrom, usStates, type Place, type UsState } from "@weather/contracts";
import { closest, distance as levenshtein } from "fastest-levenshtein";

export { usStates, type Place, type UsState };

/**
 * Finds a state by its key, name or postal code: `north-carolina`, `North Carolina`, `NC`.
 *
 * @throws Error if there is none. The message suggests a state
 */
export function usState(text: string): UsState {
  const found = usStateFrom(text);
  if (found) return found;
  const key = text.toLowerCase();
  const nearest = closest(
    key,
    usStates.map((state) => state.key),
  );
  // Suggests nothing for a word that is near no state, such as "bavaria".
  const meant =
    levenshtein(key, nearest) <= 2 ? `Did you mean ${nearest}?` : "Write it as kentucky, or as KY.";
  throw new Error(`"${text}" is no US state or territory. ${meant}`);
}
