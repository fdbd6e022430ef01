import type { ElementScores, LeadScores } from "./hindcast.ts";

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
  /** The same, and this morning's low is known, here and there. */
  withMorning: LeadScores[];
  /** Started from the station's own day before alone. */
  alone: LeadScores[];
  /** With a climate as an airport has it: means of its own, all else from the other stations of its state; empty if there are none. */
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
export function together(stations: readonly (readonly LeadScores[])[]): LeadScores[] {
  const [first, ...others] = stations;
  const element = (one: ElementScores, more: readonly ElementScores[]): ElementScores => ({
    model: one.model.with(more.map(({ model }) => model)),
    climatology: one.climatology.with(more.map(({ climatology }) => climatology)),
    persistence: one.persistence.with(more.map(({ persistence }) => persistence)),
  });
  return (first ?? []).map(({ lead, high, low, precipitation, hot }, i) => {
    const more = others.flatMap((scores) => scores[i] ?? []);
    const chances = more.map((scores) => scores.precipitation);
    const hotter = more.map((scores) => scores.hot);
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
      hot: {
        model: hot.model.with(hotter.map(({ model }) => model)),
        climatology: hot.climatology.with(hotter.map(({ climatology }) => climatology)),
      },
    };
  });
}
