import { usState, type UsState } from "@weather/tools/us-states";

/** The file of the contract that lists the states. */
export const statesFile = "libs/contracts/src/states.ts";

const entry = /^ {2}"?([a-z-]+)"?: \{ name: "[^"]+", timeZone: "[^"]+" \},\n/gm;

/** The states that have a farm, in the order of the file. */
export const statesIn = (text: string): UsState[] =>
  [...text.matchAll(entry)].map(([, key = ""]) => usState(key));

/** The text with one more state, after the others. */
export function withState(text: string, { key, name, timeZone }: UsState): string {
  const last = [...text.matchAll(entry)].at(-1);
  if (!last) throw new Error(`${statesFile}: no state to put the new one behind`);
  const end = last.index + last[0].length;
  const written = key.includes("-") ? `"${key}"` : key;
  return `${text.slice(0, end)}  ${written}: { name: "${name}", timeZone: "${timeZone}" },\n${text.slice(end)}`;
}

export const withoutState = (text: string, { key }: UsState) =>
  text.replace(entry, (line, found) => (found === key ? "" : line));
