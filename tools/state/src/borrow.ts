import type { Climate, NeighbourClimate, StationClimate } from "@weather/forecast-model";
import { lenders } from "@weather/tools/lenders";
import type { UsState } from "@weather/tools/us-states";

/** Number of stations of a state without observations of its own. */
const stations = 3;

/**
 * A climate for a state that has none: the fitted stations nearest to its capital, the nearest one first. Each station names the
 * state from which it is borrowed, and so does every forecast for it.
 *
 * @throws Error if no station is near enough
 */
export function borrowedClimate(here: UsState, climates: readonly Climate[]): Climate {
  const own = climates.flatMap(({ state, stations }) =>
    stations
      .filter(({ borrowed }) => borrowed === undefined)
      .map((station) => ({ ...station, borrowed: state })),
  );
  const seen = new Set<string>();
  const chosen = lenders(here, own)
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .slice(0, stations)
    .map(inOrder);
  return {
    state: here.key,
    note: "Borrowed from other states by the generator. Replace it: npm run climate:fit (docs/forecast-model.md says how).",
    stations: chosen,
    neighbours: neighboursOf(chosen, climates),
  };
}

/** The stations and neighbours of the other states, once each, without the chosen stations. */
function neighboursOf(chosen: readonly StationClimate[], climates: readonly Climate[]): NeighbourClimate[] {
  const known = climates.flatMap(({ stations, neighbours }) => [...stations.map(asNeighbour), ...neighbours]);
  const seen = new Set(chosen.map(({ id }) => id));
  return known.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function asNeighbour(station: StationClimate): NeighbourClimate {
  const { id, name, latitude, longitude, meansOf, high, low, precipitation } = station;
  return { id, name, latitude, longitude, meansOf, high, low, precipitation };
}

/** The fields in the order of the schema, in which `borrowed` comes before the figures. */
function inOrder({
  id,
  name,
  latitude,
  longitude,
  elevation_m,
  borrowed,
  ...rest
}: StationClimate): StationClimate {
  return { id, name, latitude, longitude, elevation_m, borrowed, ...rest };
}
