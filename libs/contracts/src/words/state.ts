import { closest, distance } from "fastest-levenshtein";
import { isStateName, stateNames, type StateName } from "../states.ts";
import { keyOf, usStateFrom, usStates, type UsState } from "../us-states.ts";
import { InputError } from "./input-error.ts";

/**
 * Finds a state with a farm by its key, name or postal code: `north-carolina`, `North Carolina`, `NC`.
 *
 * @throws {InputError} if there is no such state, or it has no farm. The message suggests a state, or says how to make a farm
 */
export function stateFrom(text: string): StateName {
  const known = usStateFrom(text);
  const key = known?.key ?? keyOf(text);
  if (isStateName(key)) return key;
  const farms = `The states with a farm are ${stateNames.join(", ")}.`;
  if (known) throw new InputError(`${known.name} has no farm yet: ${howToMake(known)}. ${farms}`);
  const meant = near(key);
  const guess = meant ? ` Did you mean ${meant}?` : "";
  throw new InputError(`no state is called ${JSON.stringify(text.slice(0, 40))}.${guess} ${farms}`);
}

/**
 * Finds the states that several words name, without quotes: `north carolina OH` are two.
 *
 * @throws {InputError} as {@link stateFrom} does
 */
export function statesFrom(words: readonly string[]): StateName[] {
  const states: StateName[] = [];
  for (let at = 0; at < words.length;) {
    // Takes the longest name that begins here: "west virginia" is one state. No name has more than four words.
    const count = [4, 3, 2].find(
      (count) => at + count <= words.length && usStateFrom(words.slice(at, at + count).join(" ")),
    );
    states.push(stateFrom(words.slice(at, at + (count ?? 1)).join(" ")));
    at += count ?? 1;
  }
  return states;
}

const howToMake = ({ key }: UsState) => `\`npx nx g @weather/state:server ${key}\` makes one`;

const longestKey = Math.max(...usStates.map(({ key }) => key.length));

/** The state whose key differs in at most two letters, and in no more than half of them. */
function near(key: string): string | undefined {
  // The comparison takes the more time the longer the key is.
  if (key.length > longestKey + 2) return undefined;
  // A state with a farm comes first, so that it wins among states that are equally near.
  const meant = closest(key, [...stateNames, ...usStates.map((state) => state.key)]);
  return distance(key, meant) <= Math.min(2, key.length / 2) ? meant : undefined;
}
