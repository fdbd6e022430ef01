import { writeFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../run-command.ts";
import { climateText } from "./climate-file.ts";
import { fitClimate } from "./fit-climate.ts";

const command = new Command("climate:fit")
  .description("Fits a state's climate.json to daily observations and monthly normals.")
  .requiredOption(
    "--daily <paths...>",
    "daily series (USCRN or GHCN-Daily), the state's code in the file names: folders or files; other states' become neighbours",
  )
  .requiredOption(
    "--normals <path>",
    "monthly normals of airports: a JSON file, or a folder of NCEI's CSV files",
  )
  .requiredOption("--state <name>", "lower case, words joined by hyphens: ohio, north-carolina")
  .option(
    "--stations <ids...>",
    "KCMH, or KIAD=USW00093738; the default station first (default: all of the state, or else the nearest ones)",
  )
  .option("--out <file>", "where to write (default: apps/<state>-server/src/climate.json)")
  .action(({ out, ...options }) => {
    const climate = fitClimate(options);
    const file = out ?? `apps/${climate.state}-server/src/climate.json`;
    writeFileSync(file, climateText(climate));
    console.log(`${file}: ${climate.stations.map(({ id }) => id).join(", ")}`);
    console.log(`departures from ${climate.stations[0]?.sources.daily.join("; ")}`);
    console.log(`${climate.neighbours.length} neighbours are heard`);
  });

await runCommand(command);
