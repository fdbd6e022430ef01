import { elements, type LeadScores } from "./hindcast.ts";
import { skill } from "./scores.ts";
import { errorsApart, together, type Comparison, type StationReport } from "./station-report.ts";
import type { AirportReport } from "./verify-airports.ts";

export interface Target {
  target: string;
  met: boolean;
  measured: string;
}

/** Prints the targets with their results. The process exits with 1 if a target is missed. */
export function judge(targets: readonly Target[]): void {
  console.log("\nTargets");
  for (const { target, met, measured } of targets)
    console.log(`  ${met ? "met    " : "NOT MET"}  ${target}: ${measured}`);
  if (targets.some(({ met }) => !met)) process.exitCode = 1;
}

/** Target skill over climatology with neighbours: high and low (CRPS), wet day (Brier), by lead. */
const promised = [
  { high: 0.36, low: 0.41, wet: 0.13 },
  { high: 0.14, low: 0.17, wet: 0.01 },
  { high: 0.05, low: 0.07, wet: -0.01 },
];
/** Stations upstream that a station needs for the target with neighbours. */
const enoughUpstream = 4;
/** Target skill at lead 1 from the station's own day before. */
const promisedAlone = 0.18;
/** Forecasts that a bin needs. With fewer, its share of wet days is uncertain by more than 2 %. */
const populated = 500;
/** Days above 35 °C that a Brier score needs to mean anything. */
const hotDays = 30;
/** Tolerance of the Brier skill: 0.005 for sampling by 200 members, the rest for years with fewer hot days than before. */
const hotTolerance = 0.015;

/** Stations that the targets for several stations need. Fewer may differ more, because each station has peculiarities. */
const severalStations = 4;
const few = (stations: number) => stations < severalStations;

/** The model's targets, and whether they are met. */
export function targets(reports: readonly StationReport[]): Target[] {
  const all = together(reports.map(({ scores }) => scores));
  const hearing = reports.filter(({ upstream }) => upstream >= enoughUpstream);
  return [
    ...together(hearing.map(({ scores }) => scores))
      .slice(0, promised.length)
      .map(skillOfLead(hearing.length)),
    alone(reports),
    neverWorse(reports),
    coverage(all, reports.length),
    reliability(all),
    ...heat(all),
    monthly(reports),
    lags(reports),
    months(reports),
  ];
}

/** Targets of the shipped climate of airports without observations: bias and coverage of high and low. */
export function airportTargets({ climate: { high, low } }: AirportReport): Target[] {
  const coverages = [high, low].map(({ score }) => 100 * score.coverage);
  return [
    {
      target: "airports without any observation: bias within 0.7 °C (high) and 1.2 °C (low)",
      met: Math.abs(high.bias) <= 0.7 && Math.abs(low.bias) <= 1.2,
      measured: `${high.bias.toFixed(2)}, ${low.bias.toFixed(2)} °C`,
    },
    {
      target:
        "airports without any observation: the 10-90 % range covers at least 76 % (high) and 73 % (low)",
      met: coverages[0]! >= 76 && coverages[1]! >= 73,
      measured: `${coverages.map((share) => share.toFixed(1)).join(", ")} %`,
    },
  ];
}

const skillOfLead =
  (stations: number) =>
  ({ lead, ...score }: LeadScores, i: number): Target => {
    const share = few(stations) ? 0.85 : 1;
    const { high: leastHigh, low: leastLow, wet: leastWet } = promised[i] ?? { high: 0, low: 0, wet: 0 };
    const least = { high: share * leastHigh, low: share * leastLow, wet: leastWet - (1 - share) / 5 };
    const high = skillOf(score.high);
    const low = skillOf(score.low);
    const wet = skill(score.precipitation.model.brier, score.precipitation.climatology.brier);
    return {
      target: `skill over climatology at lead ${lead}: high ${least.high.toFixed(2)}, low ${least.low.toFixed(2)}, wet day ${least.wet.toFixed(2)} or more, the ${stations} stations with ${enoughUpstream} or more upstream together`,
      met: high >= least.high && low >= least.low && wet >= least.wet,
      measured: [high, low, wet].map((value) => value.toFixed(3)).join(", "),
    };
  };

function alone(reports: readonly StationReport[]): Target {
  const first = reports.flatMap(({ alone }) =>
    alone.slice(0, 1).flatMap((score) => elements.map((element) => skillOf(score[element]))),
  );
  return {
    target: `CRPS skill at lead 1 at least ${promisedAlone} from the station's day before alone, high and low of each station`,
    met: Math.min(...first) >= promisedAlone,
    measured: range(first, 3),
  };
}

function neverWorse(reports: readonly StationReport[]): Target {
  const skills = reports.flatMap(({ scores }) =>
    scores.flatMap((score) => elements.map((element) => skillOf(score[element]))),
  );
  return {
    target: "CRPS not worse than climatology by more than 0.01 at any lead of any station",
    met: Math.min(...skills) >= -0.01,
    measured: `worst skill ${Math.min(...skills).toFixed(3)}`,
  };
}

function coverage(all: readonly LeadScores[], stations: number): Target {
  const [least, most] = few(stations) ? [73, 87] : [77, 83];
  const shares = all.flatMap((score) => elements.map((element) => 100 * score[element].model.coverage));
  return {
    target: `the 10-90 % range covers ${least} to ${most} %, all stations together, each lead`,
    met: Math.min(...shares) >= least && Math.max(...shares) <= most,
    measured: `${range(shares, 1)} %`,
  };
}

function reliability(all: readonly LeadScores[]): Target {
  const bins = all.flatMap(({ precipitation }) =>
    precipitation.model.bins.filter(({ count }) => count >= populated),
  );
  const off = Math.max(
    0,
    ...bins.map(({ count, probability, happened }) => Math.abs(probability - happened) / count),
  );
  return {
    target: `chance of precipitation reliable within 0.05 in every bin of ${populated} forecasts or more, each lead`,
    met: off <= 0.05,
    measured: `largest difference ${off.toFixed(3)} in ${bins.length} bins`,
  };
}

function heat(all: readonly LeadScores[]): Target[] {
  const told = all.filter(({ hot }) => hot.model.happened >= hotDays);
  if (told.length === 0) return [];
  const skills = told.map(({ hot }) => skill(hot.model.brier, hot.climatology.brier));
  return [
    {
      target: `Brier score of a high above 35 °C no worse than that of climatology by more than ${hotTolerance}, each lead`,
      met: Math.min(...skills) >= -hotTolerance,
      measured: `skill ${range(skills, 3)}`,
    },
  ];
}

function monthly(reports: readonly StationReport[]): Target {
  const errors = reports.flatMap(({ wetShare, amount }) => [...wetShare, ...amount].map(errorsApart));
  const beyond = errors.filter((error) => Math.abs(error) > 2).length;
  return {
    target: "monthly wet days and amounts within sampling error (1 in 20 may lie beyond two errors)",
    met: beyond <= allowed(errors.length),
    measured: `${beyond} of ${errors.length} beyond two errors`,
  };
}

/** Most of n that lie beyond two errors by chance in 19 of 20 cases: mean and two standard deviations of a binomial. */
const allowed = (n: number) => n / 20 + 2 * Math.sqrt((n * 0.95) / 20);

function lags(reports: readonly StationReport[]): Target {
  const apart = (of: (report: StationReport) => Comparison) =>
    reports.reduce((sum, report) => sum + of(report).simulated - of(report).observed, 0) / reports.length;
  const most = few(reports.length) ? 0.12 : 0.06;
  const differences = [apart(({ lagHigh }) => lagHigh), apart(({ lagLow }) => lagLow)];
  return {
    target: `lag-1 autocorrelation of high and low within ${most} of the observed one, mean of all stations`,
    met: differences.every((difference) => Math.abs(difference) <= most),
    measured: differences.map((difference) => difference.toFixed(3)).join(", "),
  };
}

function months(reports: readonly StationReport[]): Target {
  const ratio = (of: (report: StationReport) => Comparison) =>
    Math.sqrt(
      reports.reduce((sum, report) => sum + of(report).simulated ** 2, 0) /
        reports.reduce((sum, report) => sum + of(report).observed ** 2, 0),
    );
  const ratios = [ratio(({ monthsHigh }) => monthsHigh), ratio(({ monthsLow }) => monthsLow)];
  const most = few(reports.length) ? 0.15 : 0.05;
  return {
    target: `spread of monthly means within ${100 * most} % of the observed one, all stations together, high and low`,
    met: ratios.every((value) => Math.abs(value - 1) <= most),
    measured: ratios.map((value) => `${((value - 1) * 100).toFixed(1)} %`).join(", "),
  };
}

const skillOf = ({ model, climatology }: LeadScores["high"]) => skill(model.crps, climatology.crps);

const range = (values: readonly number[], digits: number) =>
  `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
