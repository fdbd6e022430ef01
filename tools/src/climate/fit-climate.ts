import zoneOf from "@photostructure/tz-lookup";
import type { Climate, NeighbourClimate, StationClimate } from "@weather/forecast-model";
import type { Parameters } from "@weather/forecast-model/parts";
import { usState } from "../us-states.ts";
import { chosenAirports, type Airport } from "./airport.ts";
import { readDailyFiles, type StationSeries } from "./daily-files.ts";
import { fitMarginals } from "./fit-marginals.ts";
import { readNormals } from "./normals.ts";
import { periodOf } from "./series.ts";
import { withNormals } from "./with-normals.ts";

interface FitOptions {
  /** Folders or files with daily series; the state's postal code is in the file names. Those of other states become neighbours. */
  daily: readonly string[];
  /** Monthly normals of airports: a JSON file, or a folder of NCEI's CSV files. */
  normals: string;
  /** Key of the state, such as north-carolina. */
  state: string;
  /** KCMH, or KIAD=USW00093738; the default station first. @default all of the state, or else the nearest ones */
  stations?: string[] | undefined;
}

/** Fits a state's climate to daily observations and monthly normals. @throws Error if some of them are missing */
export function fitClimate({ daily, normals, state: name, stations }: FitOptions): Climate {
  const state = usState(name);
  const all = readDailyFiles(daily);
  const pool = all.filter((series) => series.state === state.code);
  if (pool.length === 0) {
    throw new Error(
      `${daily.join(", ")}: no daily series of ${state.code}; expected file names such as uscrn_${state.code}_Place.csv`,
    );
  }
  const airports = readNormals(normals);
  const chosen = chosenAirports(airports, state, stations);
  const pooled = fitMarginals(pool);
  const sources = pool.map((series) => `${series.name}, ${periodOf(series).join(" to ")}`);
  return {
    state: state.key,
    note: "Made by npm run climate:fit (docs/forecast-model.md says how).",
    stations: chosen.map((airport) => stationClimate(airport, sources, pooled)),
    neighbours: [...airportNeighbours(airports, chosen, all, pooled), ...all.map(neighbourClimate)],
  };
}

function stationClimate(
  { icao, name, latitude, longitude, elevation_m, borrowed, normals, sources }: Airport,
  daily: string[],
  pooled: Parameters,
): StationClimate {
  return {
    id: icao,
    name,
    latitude,
    longitude,
    elevation_m,
    timeZone: zoneOf(latitude, longitude),
    ...(borrowed && { borrowed }),
    sources: { wetDays: "as daily (no normals at hand)", ...sources, daily },
    ...withNormals(pooled, normals),
  };
}

/** Airports without a forecast of their own. They have the departures of their own state if it has daily series. */
function airportNeighbours(
  airports: readonly Airport[],
  chosen: readonly Airport[],
  all: readonly StationSeries[],
  pooled: Parameters,
): NeighbourClimate[] {
  const pools = new Map<string, Parameters>();
  const poolOf = (code: string) => {
    const known = pools.get(code);
    if (known) return known;
    const series = all.filter(({ state }) => state === code);
    const fitted = series.length > 0 ? fitMarginals(series) : pooled;
    pools.set(code, fitted);
    return fitted;
  };
  return airports
    .filter(({ icao }) => icao !== "" && chosen.every((one) => one.icao !== icao))
    .map(({ icao, name, latitude, longitude, states, normals }) => ({
      id: icao,
      name,
      latitude,
      longitude,
      ...withNormals(poolOf(states[0]), normals),
    }));
}

const neighbourClimate = (series: StationSeries): NeighbourClimate => ({
  id: series.station,
  name: series.name,
  ...series.place,
  ...fitMarginals([series]),
});
