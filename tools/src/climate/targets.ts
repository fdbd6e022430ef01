import type { LeadScores } from "./hindcast.ts";
import { skill } from "./scores.ts";
import { errorsApart, together, type StationReport } from "./station-report.ts";

export interface Target {
  target: string;
  met: boolean;
  measured: string;
}

const elements = ["high", "low"] as const;

/** Fewer forecasts than this in a bin say little: the share of wet days among them is uncertain by more than 3 %. */
const populated = 200;

/** What the model is held to, and whether it holds. */
export function targets(reports: readonly StationReport[]): Target[] {
  const all = together(reports);
  const skills = reports.flatMap(({ scores }) =>
    scores.flatMap((score) => elements.map((e) => skillOf(score, e))),
  );
  const first = reports.flatMap(({ scores }) =>
    scores.slice(0, 1).flatMap((s) => elements.map((e) => skillOf(s, e))),
  );
  const borrowed = reports.flatMap(({ asAirport }) =>
    asAirport.slice(0, 1).flatMap((s) => elements.map((e) => skillOf(s, e))),
  );
  const coverage = (scores: readonly LeadScores[]) =>
    scores.flatMap((s) => elements.map((e) => s[e].model.coverage));
  const pooledCoverage = coverage(all);
  const stationCoverage = reports.flatMap(({ scores }) => coverage(scores));
  const bins = all.flatMap(({ precipitation }) =>
    precipitation.model.bins.filter(({ count }) => count >= populated),
  );
  const unreliable = bins.map(({ count, probability, happened }) => Math.abs(probability - happened) / count);
  const monthly = reports.flatMap(({ wetShare, amount }) => [...wetShare, ...amount].map(errorsApart));
  const beyond = monthly.filter((errors) => Math.abs(errors) > 2).length;
  const lags = reports.flatMap(({ lagHigh, lagLow }) => [lagHigh, lagLow].map(errorsApart));
  const inside = (values: readonly number[]) =>
    values.filter((value) => value >= 0.76 && value <= 0.84).length;
  return [
    {
      target: "CRPS skill over climatology at lead 1 at least 0.18, high and low of each station",
      met: Math.min(...first) >= 0.18,
      measured: `${Math.min(...first).toFixed(3)} to ${Math.max(...first).toFixed(3)}`,
    },
    {
      target: "CRPS not worse than climatology by more than 0.01 at any lead of any station",
      met: Math.min(...skills) >= -0.01,
      measured: `worst skill ${Math.min(...skills).toFixed(3)}`,
    },
    ...(borrowed.length > 0
      ? [
          {
            target:
              "CRPS skill at lead 1 at least 0.18 also with the parameters of the other stations, as airports have",
            met: Math.min(...borrowed) >= 0.18,
            measured: `${Math.min(...borrowed).toFixed(3)} to ${Math.max(...borrowed).toFixed(3)}`,
          },
        ]
      : []),
    {
      target: "the 10-90 % range covers 76 to 84 %, all stations together, each lead",
      met: inside(pooledCoverage) === pooledCoverage.length,
      measured: range(pooledCoverage),
    },
    {
      target: "the 10-90 % range covers 76 to 84 %, each station, each lead",
      met: inside(stationCoverage) === stationCoverage.length,
      measured: `${range(stationCoverage)}; ${inside(stationCoverage)} of ${stationCoverage.length} inside`,
    },
    {
      target: `chance of precipitation reliable within 0.05 in every bin of ${populated} forecasts or more, each lead`,
      met: Math.max(...unreliable) <= 0.05,
      measured: `largest difference ${Math.max(...unreliable).toFixed(3)} in ${bins.length} bins`,
    },
    {
      target: "monthly wet days and amounts within sampling error (1 in 20 may lie beyond two errors)",
      met: beyond <= monthly.length / 20,
      measured: `${beyond} of ${monthly.length} beyond two errors`,
    },
    {
      target: "lag-1 autocorrelation of high and low within two sampling errors",
      met: Math.max(...lags.map(Math.abs)) <= 2,
      measured: `largest difference ${Math.max(...lags.map(Math.abs)).toFixed(1)} errors`,
    },
  ];
}

const skillOf = (score: LeadScores, element: (typeof elements)[number]) =>
  skill(score[element].model.crps, score[element].climatology.crps);

const range = (shares: readonly number[]) =>
  `${(Math.min(...shares) * 100).toFixed(1)} to ${(Math.max(...shares) * 100).toFixed(1)} %`;
