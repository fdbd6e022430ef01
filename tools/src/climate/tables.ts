import type { LeadScores } from "./hindcast.ts";
import { skill } from "./scores.ts";
import Table from "cli-table3";
import type { AirportReport, AirportScores } from "./verify-airports.ts";
import { errorsApart, together, type Comparison, type StationReport } from "./station-report.ts";

type Cell = string | number;

/** A table for a terminal or a text file: no colours, few lines. */
export function table(head: Cell[], rows: Cell[][]): string {
  const plain = new Table({
    head: head.map(String),
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true, "padding-left": 1, "padding-right": 1 },
  });
  plain.push(...rows);
  return plain.toString();
}

const decimals = (digits: number) => (value: number) => value.toFixed(digits);
const [one, two, three, four] = [decimals(1), decimals(2), decimals(3), decimals(4)];
const percent = (share: number) => `${one(share * 100)} %`;

/** Scores by lead: the model beside climatology and persistence. */
export function scoreTables(scores: readonly LeadScores[]): string {
  const temperature = ({ model, climatology, persistence }: LeadScores["high"]) => [
    two(model.meanAbsoluteError),
    two(climatology.meanAbsoluteError),
    two(persistence.meanAbsoluteError),
    two(model.crps),
    two(climatology.crps),
    three(skill(model.crps, climatology.crps)),
    percent(model.coverage),
  ];
  const head = ["MAE °C", "clim.", "pers.", "CRPS °C", "clim.", "skill", "10-90 %"];
  return [
    ...(["high", "low"] as const).map((element) =>
      table(
        [`lead, ${element}`, ...head],
        scores.map((score) => [score.lead, ...temperature(score[element])]),
      ),
    ),
    table(
      ["lead, wet day", "Brier", "clim.", "pers.", "skill"],
      scores.map(({ lead, precipitation: { model, climatology, persistence } }) => [
        lead,
        ...[model, climatology, persistence].map(({ brier }) => three(brier)),
        three(skill(model.brier, climatology.brier)),
      ]),
    ),
    table(
      ["lead, high above 35 °C", "Brier", "clim.", "skill", "days"],
      scores.map(({ lead, hot: { model, climatology } }) => [
        lead,
        ...[model, climatology].map(({ brier }) => four(brier)),
        model.happened > 0 ? three(skill(model.brier, climatology.brier)) : "",
        model.happened,
      ]),
    ),
  ].join("\n");
}

/** Reliability: how often it was wet for each forecast chance, at three leads. */
export function reliabilityTable(scores: readonly LeadScores[]): string {
  const rows = scores
    .filter(({ lead }) => [1, 2, 5].includes(lead))
    .flatMap(({ lead, precipitation }) =>
      precipitation.model.bins.flatMap(({ count, probability, happened }) =>
        count ? [[lead, count, percent(probability / count), percent(happened / count)]] : [],
      ),
    );
  return table(["lead, chance of a wet day", "forecasts", "mean chance", "wet days"], rows);
}

const heard = {
  scores: "station and neighbours",
  withMorning: "the same and this morning's low",
  alone: "the station's day before alone",
  asAirport: "neighbours too, climate as an airport's",
} as const;

/** Skill from each set of observations, all stations together. */
export function hearingTable(reports: readonly StationReport[]): string {
  const rows = Object.entries(heard).flatMap(([of, name]) => {
    const stations = reports.map((report) => report[of as keyof typeof heard]);
    return together(stations.filter((scores) => scores.length > 0))
      .slice(0, 3)
      .map(({ lead, high, low, precipitation }) => [
        `${lead}, ${name}`,
        ...[high, low].flatMap(({ model, climatology }) => [
          two(model.meanAbsoluteError),
          three(skill(model.crps, climatology.crps)),
          percent(model.coverage),
        ]),
        three(skill(precipitation.model.brier, precipitation.climatology.brier)),
      ]);
  });
  return table(
    ["lead, heard", "high MAE °C", "skill", "10-90 %", "low MAE °C", "skill", "10-90 %", "wet day"],
    rows,
  );
}

/** Airports one day ahead, with and without what was observed there the days before. */
export function airportTable({ climate, heard }: AirportReport): string {
  const row = (name: string, { high, low }: AirportScores) => [
    name,
    ...[high, low].flatMap(({ score, bias }) => [
      two(score.meanAbsoluteError),
      two(score.crps),
      two(bias),
      percent(score.coverage),
    ]),
  ];
  return table(
    ["started from", "high MAE °C", "CRPS", "bias", "10-90 %", "low MAE °C", "CRPS", "bias", "10-90 %"],
    [row("nothing", climate), row("highs and lows of the airports on the two days before", heard)],
  );
}

/** The later years beside simulations of them. */
export function simulationTable({ wetShare, amount, ...report }: StationReport): string {
  const row = (name: string, comparison: Comparison, show: (value: number) => string) => [
    name,
    show(comparison.observed),
    `${show(comparison.simulated)} ± ${show(comparison.error)}`,
    one(errorsApart(comparison)),
  ];
  const month = (index: number) =>
    new Date(Date.UTC(2001, index)).toLocaleString("en", { month: "short", timeZone: "UTC" });
  return table(
    ["simulated years", "observed", "simulated", "errors apart"],
    [
      ...wetShare.map((comparison, i) => row(`wet days, ${month(i)}`, comparison, percent)),
      ...amount.map((comparison, i) => row(`amount, ${month(i)}, mm`, comparison, one)),
      row("lag-1 correlation, high", report.lagHigh, three),
      row("lag-1 correlation, low", report.lagLow, three),
      row("spread of monthly means, high, °C", report.monthsHigh, two),
      row("spread of monthly means, low, °C", report.monthsLow, two),
    ],
  );
}
