import type { ElementScores, LeadScores } from "./hindcast.ts";

/** An observed figure beside what the model makes of it: the mean of its simulations and their sampling error. */
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
  scores: LeadScores[];
  /** The same with day-to-day parameters of the other stations, as airports have them; empty where there are none. */
  asAirport: LeadScores[];
  /** January to December */
  wetShare: Comparison[];
  amount: Comparison[];
  lagHigh: Comparison;
  lagLow: Comparison;
}

/** Distance of the observed figure from the simulated one, in sampling errors. */
export const errorsApart = ({ observed, simulated, error }: Comparison) => (observed - simulated) / error;

/** The scores of all stations as if they were one. */
export function together(reports: readonly StationReport[]): LeadScores[] {
  const [first, ...others] = reports.map(({ scores }) => scores);
  const element = (one: ElementScores, more: readonly ElementScores[]): ElementScores => ({
    model: one.model.with(more.map(({ model }) => model)),
    climatology: one.climatology.with(more.map(({ climatology }) => climatology)),
    persistence: one.persistence.with(more.map(({ persistence }) => persistence)),
  });
  return (first ?? []).map(({ lead, high, low, precipitation }, i) => {
    const more = others.flatMap((scores) => scores[i] ?? []);
    const chances = more.map((scores) => scores.precipitation);
    return {
      lead,
      high: element(
        high,
        more.map((scores) => scores.high),
      ),
      low: element(
        low,
        more.map((scores) => scores.low),
      ),
      precipitation: {
        model: precipitation.model.with(chances.map(({ model }) => model)),
        climatology: precipitation.climatology.with(chances.map(({ climatology }) => climatology)),
        persistence: precipitation.persistence.with(chances.map(({ persistence }) => persistence)),
      },
    };
  });
}
