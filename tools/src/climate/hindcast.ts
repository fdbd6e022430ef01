import {
  calendarDay,
  calendarDays,
  Covariances,
  dateOf,
  Deviates,
  Ensemble,
  Marginals,
  posterior,
  relevant,
  scoresOf,
  type CorrelationParameters,
  type Heard,
  type Parameters,
  type Place,
} from "@weather/forecast-model/parts";
import { EnsembleScore, ProbabilityScore } from "./scores.ts";
import { wetness, type DailySeries } from "./series.ts";

/** Scores of the model's forecasts, and of two others. */
interface Scores<Score> {
  model: Score;
  /** Observed values of the training years within 10 days of the calendar day. */
  climatology: Score;
  /** The observed value of the day before the forecast. */
  persistence: Score;
}

/** Scores of the forecasts of one lead time. */
export interface LeadScores {
  /** Days from the last observation of the station to the day that is forecast. */
  lead: number;
  high: Scores<EnsembleScore>;
  low: Scores<EnsembleScore>;
  precipitation: Scores<ProbabilityScore>;
  /** Chance of a high above 35 °C. */
  hot: Scores<ProbabilityScore>;
}

/** A station with its fitted climate and all its observations. */
export interface Observer {
  place: Place;
  parameters: Parameters;
  series: DailySeries;
}

/** Which observations a forecast starts from. */
interface Hearing {
  /** Whether other stations count, and the station's own second to last day. */
  neighbours: boolean;
  /** Whether the low of the first day is known, here and at the neighbours. */
  morning: boolean;
}

export const elements = ["high", "low"] as const;
const hotFrom = 35; // °C

/**
 * Forecasts each day of the later years from each of the ten days before it.
 * @param target Its parameters are fitted to the training years alone.
 * @param others Neighbours, with parameters that are fitted to their own training years.
 */
export function hindcast(
  target: Observer,
  others: readonly Observer[],
  training: DailySeries,
  later: DailySeries,
  hearing: Hearing,
  {
    correlations,
    leads = 10,
    members = 200,
    seed = 1,
  }: { correlations: CorrelationParameters; leads?: number; members?: number; seed?: number },
): LeadScores[] {
  const observers = hearing.neighbours ? [target, ...others] : [target];
  const covariances = new Covariances(
    correlations,
    observers.map(({ place }) => place),
  );
  const days = observers.map(heardOf);
  const marginals = new Marginals(target.parameters);
  const ensemble = new Ensemble(members);
  const deviates = new Deviates(seed);
  const events = [
    { name: "precipitation", happened: wetness(later), usual: sharesAround(wetness(training), training) },
    { name: "hot", happened: hotness(later), usual: sharesAround(hotness(training), training) },
  ] as const;
  const past = {
    high: valuesAround(training.high, training).map((values) => Float64Array.from(values).sort()),
    low: valuesAround(training.low, training).map((values) => Float64Array.from(values).sort()),
  };
  const byLead = Array.from({ length: leads }, (_, i): LeadScores => ({
    lead: i + 1,
    high: scores(EnsembleScore),
    low: scores(EnsembleScore),
    precipitation: scores(ProbabilityScore),
    hot: scores(ProbabilityScore),
  }));
  for (let from = 0; from < later.high.length; from++) {
    if (Number.isNaN(later.high[from]! + later.low[from]! + later.precipitation[from]!)) continue;
    const first = later.start + from + 1;
    const shifts = hearing.neighbours ? [0, 1, 2] : [1];
    const heard = days.map((ofStation) =>
      shifts
        .filter((shift) => shift > 0 || hearing.morning)
        .flatMap((shift) => ofStation.get(first - shift) ?? []),
    );
    const known = scoresOf(relevant(heard, covariances, 0, first), first);
    ensemble.start(posterior(covariances, 0, known, leads), members);
    for (const score of byLead) {
      const { lead } = score;
      const calendar = calendarDay(first + lead - 1);
      ensemble.next(marginals, first + lead - 1, deviates);
      for (const element of elements) {
        const observed = later[element][from + lead] ?? NaN;
        if (Number.isNaN(observed)) continue;
        score[element].model.add(ensemble[element].slice().sort(), observed);
        score[element].climatology.add(past[element][calendar] ?? new Float64Array(), observed);
        score[element].persistence.add(Float64Array.of(later[element][from] ?? NaN), observed);
      }
      const hot = ensemble.high.reduce((sum, high) => sum + Number(high > hotFrom), 0) / members;
      for (const { name, happened, usual } of events) {
        const came = happened[from + lead] ?? NaN;
        if (Number.isNaN(came)) continue;
        score[name].model.add(name === "hot" ? hot : ensemble.chance, came === 1);
        score[name].climatology.add(usual[calendar] ?? NaN, came === 1);
        score[name].persistence.add(happened[from] ?? NaN, came === 1);
      }
    }
  }
  return byLead;
}

/** The observations of a station, by day. */
function heardOf({ series, parameters }: Observer, place: number): Map<number, Heard> {
  const marginals = new Marginals(parameters);
  const days = new Map<number, Heard>();
  series.high.forEach((high, i) => {
    const day = series.start + i;
    const [low, precipitation] = [series.low[i] ?? NaN, series.precipitation[i] ?? NaN];
    const observation = { station: series.name, date: dateOf(day), high, low, precipitation };
    if ([high, low, precipitation].every(Number.isNaN)) return;
    days.set(day, { place, marginals, day, observation });
  });
  return days;
}

const scores = <Score>(Kind: new () => Score): Scores<Score> => ({
  model: new Kind(),
  climatology: new Kind(),
  persistence: new Kind(),
});

const hotness = ({ high }: DailySeries) =>
  high.map((value) => (Number.isNaN(value) ? NaN : Number(value > hotFrom)));

const windowDays = 10;

/** Of each calendar day the values within ten days of it: an ensemble that knows only the season. */
function valuesAround(values: Float64Array, { start }: DailySeries): number[][] {
  const around: number[][] = Array.from({ length: calendarDays }, () => []);
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const day = calendarDay(start + i);
    for (let shift = -windowDays; shift <= windowDays; shift++)
      around[(day + shift + calendarDays) % calendarDays]?.push(value);
  });
  return around;
}

/** For each calendar day, the share of days within ten days of it that have the value 1. */
const sharesAround = (happened: Float64Array, series: DailySeries) =>
  valuesAround(happened, series).map((values) => values.reduce((sum, one) => sum + one, 0) / values.length);
