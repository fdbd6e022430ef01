import type { Normals } from "./with-normals.ts";
import { lenders } from "../lenders.ts";
import { usState, type UsState } from "../us-states.ts";

/** How many stations a state without airports of its own gets. */
const borrowedStations = 3;

/** An airport with monthly normals of all twelve months. */
export interface Airport {
  /** ICAO id. Empty if the normals do not have it. */
  icao: string;
  /** NCEI station id, such as USW00014821. */
  ncei: string;
  /** Postal codes: of the state it stands in, and of the one across the border that it serves. */
  states: readonly [string, ...string[]];
  /** The state that it is borrowed from. */
  borrowed?: string;
  name: string;
  latitude: number;
  longitude: number;
  elevation_m: number;
  normals: Normals;
  /** Source of each part of the normals. */
  sources: { temperature: string; precipitation: string; wetDays?: string };
}

export const celsius = (fahrenheit: number) => ((fahrenheit - 32) * 5) / 9;
export const millimetres = (inches: number) => inches * 25.4;

/**
 * The named airports, in this order. A name is an ICAO id, KCMH, or an ICAO id with the NCEI id of the normals,
 * KIAD=USW00093738. Default: all airports of the state that have an ICAO id. If there is none, the airports nearest to its
 * capital, marked as borrowed.
 * @throws Error when one of them has no normals.
 */
export function chosenAirports(
  airports: readonly Airport[],
  state: UsState,
  wanted?: readonly string[],
): Airport[] {
  if (!wanted) {
    const named = airports.filter(({ icao }) => icao !== "");
    const ofState = named.filter(({ states }) => states.includes(state.code));
    if (ofState.length > 0) return ofState;
    if (named.length > 0) return nearest(named, state);
    throw new Error(
      `the normals name no ICAO id: say which stations you mean, such as --stations KIAD=USW00093738`,
    );
  }
  return wanted.map((id) => {
    const [icao = "", ncei] = id.split("=");
    const found = airports.find((airport) => (ncei ? airport.ncei === ncei : airport.icao === icao));
    if (!found)
      throw new Error(`the normals have no station ${id} with all months of high, low and precipitation`);
    return marked({ ...found, icao }, state);
  });
}

const nearest = (airports: readonly Airport[], state: UsState) =>
  lenders(state, airports)
    .slice(0, borrowedStations)
    .map((airport) => marked(airport, state));

/** Marks an airport of another state as borrowed. */
const marked = (airport: Airport, { code }: UsState): Airport =>
  airport.states.includes(code) ? airport : { ...airport, borrowed: usState(airport.states[0]).key };
