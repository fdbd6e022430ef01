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

/** Scores of the forecasts of one lead time, and of climatology and persistence. */
export interface LeadScores {
  /** Days from the last observation of the station to the day that is forecast. */
  lead: number;
  high: ElementScores;
  low: ElementScores;
  precipitation: { model: ProbabilityScore; climatology: ProbabilityScore; persistence: ProbabilityScore };
  /** Chance of a high above 35 °C. */
  hot: { model: ProbabilityScore; climatology: ProbabilityScore };
}

export interface ElementScores {
  model: EnsembleScore;
  /** Observed values of the training years within 10 days of the calendar day. */
  climatology: EnsembleScore;
  /** The observed value of the day before the forecast. */
  persistence: EnsembleScore;
}

/** A station with the climate that is fitted to it, and all its days. */
export interface Observer {
  place: Place;
  parameters: Parameters;
  series: DailySeries;
}

/** Which observations a forecast starts from. */
export interface Hearing {
  /** Whether other stations count, and the station's own second to last day. */
  neighbours: boolean;
  /** Whether the low of the first day is known, here and at the neighbours. */
  morning: boolean;
}

const elements = ["high", "low"] as const;
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
  const wet = wetness(later);
  const past = {
    high: valuesAround(training, "high"),
    low: valuesAround(training, "low"),
    wet: shareAround(wetness(training), training.start),
    hot: shareAround(hotness(training), training.start),
  };
  const scores = Array.from({ length: leads }, (_, i): LeadScores => ({
    lead: i + 1,
    high: elementScores(),
    low: elementScores(),
    precipitation: {
      model: new ProbabilityScore(),
      climatology: new ProbabilityScore(),
      persistence: new ProbabilityScore(),
    },
    hot: { model: new ProbabilityScore(), climatology: new ProbabilityScore() },
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
    for (const { lead, precipitation: chance, hot, ...score } of scores) {
      const calendar = calendarDay(first + lead - 1);
      ensemble.next(marginals, first + lead - 1, deviates);
      const hotShare = ensemble.high.reduce((sum, high) => sum + Number(high > hotFrom), 0) / members;
      for (const element of elements) {
        const observed = later[element][from + lead] ?? NaN;
        if (Number.isNaN(observed)) continue;
        score[element].model.add(ensemble[element].slice().sort(), observed);
        score[element].climatology.add(past[element][calendar] ?? new Float64Array(), observed);
        score[element].persistence.add(Float64Array.of(later[element][from] ?? NaN), observed);
      }
      const high = later.high[from + lead] ?? NaN;
      if (!Number.isNaN(high)) {
        hot.model.add(hotShare, high > hotFrom);
        hot.climatology.add(past.hot[calendar] ?? NaN, high > hotFrom);
      }
      const happened = wet[from + lead] ?? NaN;
      if (Number.isNaN(happened)) continue;
      chance.model.add(ensemble.chance, happened === 1);
      chance.climatology.add(past.wet[calendar] ?? NaN, happened === 1);
      chance.persistence.add(wet[from] ?? NaN, happened === 1);
    }
  }
  return scores;
}

/** What an observer saw, by day. */
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

const elementScores = (): ElementScores => ({
  model: new EnsembleScore(),
  climatology: new EnsembleScore(),
  persistence: new EnsembleScore(),
});

const hotness = ({ high }: DailySeries) =>
  high.map((value) => (Number.isNaN(value) ? NaN : Number(value > hotFrom)));

const windowDays = 10;

/** Of each calendar day the values of a series within ten days of it, sorted: an ensemble that knows only the season. */
function valuesAround(series: DailySeries, element: "high" | "low"): Float64Array[] {
  const values: number[][] = Array.from({ length: calendarDays }, () => []);
  series[element].forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const day = calendarDay(series.start + i);
    for (let shift = -windowDays; shift <= windowDays; shift++) {
      values[(day + shift + calendarDays) % calendarDays]?.push(value);
    }
  });
  return values.map((around) => Float64Array.from(around).sort());
}

/** Of each calendar day the share of days within ten days of it that have 1 and not 0. */
function shareAround(happened: Float64Array, start: number): Float64Array {
  const count = new Float64Array(calendarDays);
  const sum = new Float64Array(calendarDays);
  happened.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const day = calendarDay(start + i);
    for (let shift = -windowDays; shift <= windowDays; shift++) {
      const at = (day + shift + calendarDays) % calendarDays;
      count[at]! += 1;
      sum[at]! += value;
    }
  });
  return sum.map((value, day) => value / (count[day] ?? 0));
}
