import { writeFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../run-command.ts";
import { usState } from "../us-states.ts";
import { correlationsText, shippedCorrelations } from "./correlations-file.ts";
import { readDailyFiles } from "./daily-files.ts";
import { fitCorrelations } from "./fit-correlations.ts";
import { sampleCorrelations } from "./sample-correlations.ts";
import { between, periodOf, splitOf } from "./series.ts";

const command = new Command("climate:fit-correlations")
  .description("Fits how weather goes together in space and time to the first seven tenths of daily series.")
  .requiredOption("--daily <paths...>", "daily series (USCRN or GHCN-Daily): folders or files")
  .option("--without <states...>", "states whose series are left out")
  .option("--out <file>", "where to write", shippedCorrelations)
  .action(({ daily, without = [], out }) => {
    const left = without.map((name) => usState(name).code);
    const all = readDailyFiles(daily).filter(({ state }) => !left.includes(state));
    const guessed = all.filter(({ placeGuessed }) => placeGuessed).map(({ station }) => station);
    if (guessed.length > 0) throw new Error(`no place is known of ${guessed.join(", ")}`);
    const fitted = fitCorrelations(sampleCorrelations(all));
    const text = correlationsText({
      note: "Made by npm run climate:fit-correlations (docs/forecast-model.md says how).",
      sources: all.map(
        (series) =>
          `${series.name}, ${periodOf(between(series, "0001-01-01", splitOf(series))).join(" to ")}`,
      ),
      ...fitted,
    });
    writeFileSync(out, text);
    console.log(`${out}: fitted to ${all.length} stations`);
  });

await runCommand(command);
