import { Command } from "@commander-js/extra-typings";
import { runCommand } from "../run-command.ts";
import { nwsErrors } from "@weather/forecast-model/parts";
import { dressedScores, type DressedScore } from "./nws/dressed-scores.ts";
import { dressedTargets } from "./nws/dressed-targets.ts";
import { readVerifiedForecasts } from "./nws/verified-forecasts.ts";
import { judge } from "./targets.ts";
import { table } from "./tables.ts";

const command = new Command("climate:verify-nws")
  .description(
    "Scores the National Weather Service's highs and lows, raw and dressed with figures that never saw their city.",
  )
  .requiredOption("--file <csv>", "forecasts and observations of cities, as climate:fit-nws reads them")
  .action(({ file }) => {
    const forecasts = readVerifiedForecasts(file);
    const cities = [...new Set(forecasts.map(({ city }) => city))];
    const fitted = cities.filter((city) => nwsErrors.cities.includes(city));
    console.log(
      `${cities.length} cities. ${fitted.length} of them are among those that the committed figures were fitted to: ` +
        "where there are enough of these, each is scored with figures fitted to the others and to other months.",
    );
    const scores = dressedScores(forecasts);
    console.log(scoreTable(scores));
    console.log(
      "10-90 %: an observation counts as the whole °F that it was rounded to; in range: as a point.\n" +
        "Brier: of a high above 30 °C, a low below 0 °C; raw: the forecast value as it is.",
    );
    judge(dressedTargets(scores));
  });

await runCommand(command);

function scoreTable(scores: readonly DressedScore[]): string {
  const head = [
    "",
    "n",
    "MAE raw °C",
    "CRPS °C",
    "ratio",
    "10-90 %",
    "in range",
    "Brier raw",
    "dressed",
    "ratio",
  ];
  const rows = scores.map(({ element, lead, n, rawError, crps, coverage, inRange, rawBrier, brier }) => [
    `${element}, ${lead} h`,
    n,
    rawError.toFixed(3),
    crps.toFixed(3),
    (crps / rawError).toFixed(3),
    `${(coverage * 100).toFixed(1)} %`,
    `${(inRange * 100).toFixed(1)} %`,
    rawBrier.toFixed(4),
    brier.toFixed(4),
    rawBrier > 0 ? (brier / rawBrier).toFixed(3) : "–",
  ]);
  return table(head, rows);
}
