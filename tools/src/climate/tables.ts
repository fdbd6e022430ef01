import type { ElementScores, LeadScores } from "./hindcast.ts";
import { skill } from "./scores.ts";
import Table from "cli-table3";
import { errorsApart, type Comparison, type StationReport } from "./station-report.ts";

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
const [one, two, three] = [decimals(1), decimals(2), decimals(3)];
const percent = (share: number) => `${one(share * 100)} %`;

/** Scores by lead: the model beside climatology and persistence. */
export function scoreTables(scores: readonly LeadScores[]): string {
  const temperature = ({ model, climatology, persistence }: ElementScores) => [
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
  ].join("\n");
}

/** When the model said so much, how often was it wet? For three leads. */
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

/** What is lost where a station has no daily series of its own. */
export function airportTable(reports: readonly StationReport[]): string {
  const skills = ({ model, climatology }: ElementScores) => three(skill(model.crps, climatology.crps));
  return table(
    ["lead, station", "high, own", "as airport", "10-90 %", "low, own", "as airport", "10-90 %"],
    reports.flatMap(({ name, scores, asAirport }) =>
      asAirport
        .filter(({ lead }) => lead <= 2)
        .map((airport, i) => [
          `${airport.lead}, ${name}`,
          ...(["high", "low"] as const).flatMap((element) => {
            const own = scores[i]?.[element];
            const there = airport[element];
            return [own ? skills(own) : "", skills(there), percent(there.model.coverage)];
          }),
        ]),
    ),
  );
}

/** The later years beside 200 simulations of them. */
export function simulationTable({ wetShare, amount, lagHigh, lagLow }: StationReport): string {
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
      row("lag-1 correlation, high", lagHigh, three),
      row("lag-1 correlation, low", lagLow, three),
    ],
  );
}
