import { writeFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import type { StationClimate } from "@weather/forecast-model";
import { fitSeries, withNormals } from "@weather/forecast-model/fit";
import { periodOf } from "@weather/forecast-model/series";
import { chosenAirports, type Airport } from "./airport.ts";
import { climateText } from "./climate-file.ts";
import { readDailyFiles } from "./daily-files.ts";
import { readNormals } from "./normals.ts";
import { postalCodeOf } from "./postal-codes.ts";

const command = new Command("climate:fit")
  .description("Fits a state's climate.json to daily observations and monthly normals.")
  .requiredOption(
    "--daily <folder>",
    "daily series (USCRN or GHCN-Daily), the state's code in the file names",
  )
  .requiredOption(
    "--normals <path>",
    "monthly normals of airports: a JSON file, or a folder of NCEI's CSV files",
  )
  .requiredOption("--state <name>", "lower case, words joined by hyphens: ohio, north-carolina")
  .option(
    "--stations <ids...>",
    "KCMH, or KIAD=USW00093738; the default station first (default: all of the state)",
  )
  .option("--out <file>", "where to write (default: apps/<state>-server/src/climate.json)")
  .action(({ daily, normals, state, stations, out = `apps/${state}-server/src/climate.json` }) => {
    const postalCode = postalCodeOf(state);
    const pool = readDailyFiles(daily, postalCode);
    const airports = chosenAirports(readNormals(normals), postalCode, stations);
    const pooled = fitSeries(pool);
    const dayToDay = pool.map((series) => `${series.name}, ${periodOf(series).join(" to ")}`);
    const climate = {
      state,
      note: "Made by npm run climate:fit (docs/forecast-model.md says how).",
      stations: airports.map((airport) => stationClimate(airport, dayToDay, pooled)),
    };
    writeFileSync(out, climateText(climate));
    console.log(`${out}: ${airports.map(({ icao }) => icao).join(", ")}`);
    console.log(`day to day from ${dayToDay.join("; ")}`);
  });

try {
  command.parse();
} catch (error) {
  command.error(`climate:fit: ${error instanceof Error ? error.message : String(error)}`);
}

function stationClimate(
  { icao, name, latitude, longitude, elevation_m, normals, sources }: Airport,
  dayToDay: string[],
  pooled: ReturnType<typeof fitSeries>,
): StationClimate {
  return {
    id: icao,
    name,
    latitude,
    longitude,
    elevation_m,
    sources: { wetDays: "as dayToDay (no normals at hand)", ...sources, dayToDay },
    ...withNormals(pooled, normals),
  };
}
