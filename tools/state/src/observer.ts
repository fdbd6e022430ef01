import type { Climate } from "@weather/forecast-model";
import type { UsState } from "@weather/tools/us-states";

/** The file with the stations for which the observer asks the National Weather Service. */
export const observerFile = "apps/observer/src/nws/stations.ts";

const entryOf = ({ key }: UsState) => new RegExp(`^ {2}"?${key}"?: \\[[^\\]]*\\],\n`, "m");

/** The text with those stations of a new state that no other state has, so that no station is asked twice. */
export function withStations(text: string, state: UsState, { stations }: Climate): string {
  const ids = stations.map(({ id }) => JSON.stringify(id)).filter((id) => !text.includes(id));
  if (ids.length === 0) return text;
  const key = state.key.includes("-") ? `"${state.key}"` : state.key;
  const end = text.lastIndexOf("};");
  return `${text.slice(0, end)}  ${key}: [${ids.join(", ")}],\n${text.slice(end)}`;
}

export const withoutStations = (text: string, state: UsState) => text.replace(entryOf(state), "");
