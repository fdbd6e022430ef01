import { stateNames, stationsOf, type StateName } from "@weather/contracts";
import type { Broker } from "@weather/queue-binding";

/** How long a farm may take to list its stations, in milliseconds. */
const deadline = 1_000;

/**
 * Whether a farm of a cluster uses the observations of a station.
 *
 * @returns nothing if a farm did not answer, or this user may not ask it
 */
export async function isKnown(
  station: string,
  broker: Broker,
  states: readonly StateName[] = stateNames,
): Promise<boolean | undefined> {
  const lists = await Promise.all(states.map((state) => idsOf(state, broker)));
  if (lists.some((ids) => ids?.includes(station))) return true;
  return lists.includes(undefined) ? undefined : false;
}

async function idsOf(state: StateName, broker: Broker): Promise<string[] | undefined> {
  try {
    const reply = await broker.ask(stationsOf(state), { kind: "stations" }, { deadline });
    if (reply.outcome === "refused") return undefined;
    return [...reply.stations, ...(reply.neighbours ?? [])].map(({ id }) => id);
  } catch {
    // A farm that did not answer may know the station.
    return undefined;
  }
}
