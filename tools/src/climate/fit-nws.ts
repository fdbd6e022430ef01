import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../run-command.ts";
import { errorsText, shippedErrors } from "./nws/errors-file.ts";
import { fitErrors } from "./nws/fit-errors.ts";
import { readVerifiedForecasts, type VerifiedForecast } from "./nws/verified-forecasts.ts";

const usual = "../shared/weather-data/daily/nws_forecast_verification_2021_2022_oh_va.csv";
const origin =
  "data/email_data_reorganized_one_year.csv of github.com/speegled/weather_forecasts, commit cc890941, cut to Ohio and Virginia";

const command = new Command("climate:fit-nws")
  .description("Fits the errors of the National Weather Service's highs and lows, by which they are dressed.")
  .option("--file <csv>", "forecasts and observations of cities", usual)
  .option("--out <json>", "where to write", shippedErrors)
  .action(async ({ file, out }) => {
    const forecasts = readVerifiedForecasts(file);
    const errors = fitErrors(forecasts, sourceOf(file, forecasts));
    writeFileSync(out, await errorsText(errors, out));
    console.log(`${out}: ${forecasts.length} forecasts of ${errors.cities.join("; ")}`);
  });

await runCommand(command);

function sourceOf(file: string, forecasts: readonly VerifiedForecast[]): string {
  const dates = forecasts.map(({ date }) => date).sort();
  const from = file === usual ? origin : basename(file);
  return `NWS highs and lows and what was observed, ${dates[0]} to ${dates.at(-1)}: ${from}; fitted by npm run climate:fit-nws`;
}
