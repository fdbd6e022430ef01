import type { LeadScores } from "./hindcast.ts";
import { EnsembleScore, ProbabilityScore } from "./scores.ts";

/** An observed figure, and the model's: the mean of its simulations and their sampling error. */
export interface Comparison {
  observed: number;
  simulated: number;
  error: number;
}

/** The verification of one station. */
export interface StationReport {
  name: string;
  training: string;
  later: string;
  /** Other stations upstream: to the west, within 1000 km. */
  upstream: number;
  /** Started from what the station and its neighbours observed up to the day before. */
  scores: LeadScores[];
  /** The same, with the morning's low of the station and its neighbours. */
  withMorning: LeadScores[];
  /** Started only from the station's own day before. */
  alone: LeadScores[];
  /** With a climate like an airport's: its own means, all else from other stations of its state. Empty if there are none. */
  asAirport: LeadScores[];
  /** January to December */
  wetShare: Comparison[];
  amount: Comparison[];
  lagHigh: Comparison;
  lagLow: Comparison;
  /** Standard deviation of monthly means, all years. */
  monthsHigh: Comparison;
  monthsLow: Comparison;
}

/** Distance of the observed figure from the simulated one, in sampling errors. */
export const errorsApart = ({ observed, simulated, error }: Comparison) => (observed - simulated) / error;

/** The scores of several stations as if they were one. */
export const together = (stations: readonly (readonly LeadScores[])[]): LeadScores[] =>
  (stations[0] ?? []).map((first, i) =>
    pooled([first, ...stations.slice(1).flatMap((scores) => scores[i] ?? [])]),
  );

/** Scores of one kind become their sum, objects of scores an object of sums. */
function pooled<Part>([first, ...others]: readonly [Part, ...Part[]]): Part {
  if (first instanceof EnsembleScore || first instanceof ProbabilityScore)
    return first.with(others as never[]) as Part;
  if (typeof first !== "object" || first === null) return first;
  const of = (name: keyof Part) => pooled([first[name], ...others.map((other) => other[name])]);
  return Object.fromEntries(Object.keys(first).map((name) => [name, of(name as keyof Part)])) as Part;
}
