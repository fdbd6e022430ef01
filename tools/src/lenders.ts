import { distance, type Place, type UsState } from "@weather/contracts";

/** Greatest difference in latitude, in degrees. Beyond it the seasons differ too much: Ohio's do not suit Guam or Alaska. */
const maxLatitudes = 10;
/** Greatest distance, in km: enough for any two of the contiguous states. */
const maxKilometres = 4_500;

/**
 * The stations from which a state without a climate of its own may borrow one, nearest to its capital first.
 *
 * @throws Error if all of them are too far away
 */
export function lenders<Station extends Place & { name: string }>(
  state: UsState,
  stations: readonly Station[],
): Station[] {
  const kilometres = (station: Station) => distance(state, station);
  const nearest = stations.toSorted((one, other) => kilometres(one) - kilometres(other));
  const near = nearest.filter(
    (station) =>
      Math.abs(state.latitude - station.latitude) <= maxLatitudes && kilometres(station) <= maxKilometres,
  );
  const [first] = nearest;
  if (near.length > 0 || !first) return near;
  throw new Error(
    `${state.name} has no climate to borrow: the nearest station, ${first.name}, is ${Math.round(kilometres(first))} km and ` +
      `${Math.round(Math.abs(state.latitude - first.latitude))} degrees of latitude away. Give observations and normals ` +
      `of its own: --daily DIR (series of USCRN or GHCN-Daily) --normals FILE (of NCEI)`,
  );
}
