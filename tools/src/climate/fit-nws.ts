import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../run-command.ts";
import { forecastErrorsSchema, type ForecastErrors } from "@weather/forecast-model/parts";
import { format, resolveConfig } from "prettier";
import { fitErrors } from "./nws/fit-errors.ts";
import { readVerifiedForecasts, type VerifiedForecast } from "./nws/verified-forecasts.ts";

const figures = fileURLToPath(
  new URL("../../../libs/forecast-model/src/dressing/nws-errors.json", import.meta.url),
);

const usual = "../shared/weather-data/daily/nws_forecast_verification_2021_2022_oh_va.csv";
const origin =
  "data/email_data_reorganized_one_year.csv of github.com/speegled/weather_forecasts, commit cc890941, cut to Ohio and Virginia";

const command = new Command("climate:fit-nws")
  .description("Fits the errors of the National Weather Service's highs and lows, by which they are dressed.")
  .option("--file <csv>", "forecasts and observations of cities", usual)
  .option("--out <json>", "where to write", figures)
  .action(async ({ file, out }) => {
    const forecasts = readVerifiedForecasts(file);
    const errors = fitErrors(forecasts, sourceOf(file, forecasts));
    writeFileSync(out, await text(errors, out));
    console.log(`${out}: ${forecasts.length} forecasts of ${errors.cities.join("; ")}`);
  });

await runCommand(command);

function sourceOf(file: string, forecasts: readonly VerifiedForecast[]): string {
  const dates = forecasts.map(({ date }) => date).sort();
  const from = file === usual ? origin : basename(file);
  return `NWS highs and lows and what was observed, ${dates[0]} to ${dates.at(-1)}: ${from}; fitted by npm run climate:fit-nws`;
}

/** As a file: 0.001 °C and 0.001 of a correlation are more than the figures are worth. */
async function text(errors: ForecastErrors, filepath: string): Promise<string> {
  const rounded = JSON.stringify(forecastErrorsSchema.parse(errors), (_, value: unknown) =>
    typeof value === "number" ? Number(value.toFixed(3)) : value,
  );
  return format(rounded, { ...(await resolveConfig(figures)), filepath });
}
