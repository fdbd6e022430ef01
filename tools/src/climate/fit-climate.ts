import type { Climate, StationClimate } from "@weather/forecast-model";
import { fitSeries } from "./fit-series.ts";
import { periodOf } from "./series.ts";
import { usState } from "../us-states.ts";
import { chosenAirports, type Airport } from "./airport.ts";
import { readDailyFiles } from "./daily-files.ts";
import { readNormals } from "./normals.ts";
import { withNormals } from "./with-normals.ts";

export interface FitOptions {
  /** Folder with daily series; the state's postal code is in the file names. */
  daily: string;
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
  const pool = readDailyFiles(daily, state.code);
  const airports = chosenAirports(readNormals(normals), state, stations);
  const pooled = fitSeries(pool);
  const dayToDay = pool.map((series) => `${series.name}, ${periodOf(series).join(" to ")}`);
  return {
    state: state.key,
    note: "Made by npm run climate:fit (docs/forecast-model.md says how).",
    stations: airports.map((airport) => stationClimate(airport, dayToDay, pooled)),
  };
}

function stationClimate(
  { icao, name, latitude, longitude, elevation_m, borrowed, normals, sources }: Airport,
  dayToDay: string[],
  pooled: ReturnType<typeof fitSeries>,
): StationClimate {
  return {
    id: icao,
    name,
    latitude,
    longitude,
    elevation_m,
    ...(borrowed && { borrowed }),
    sources: { wetDays: "as dayToDay (no normals at hand)", ...sources, dayToDay },
    ...withNormals(pooled, normals),
  };
}
