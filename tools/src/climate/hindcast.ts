import {
  calendarDay,
  calendarDays,
  dateOf,
  Deviates,
  Ensemble,
  type Parameters,
  tablesOf,
} from "@weather/forecast-model/parts";
import { EnsembleScore, ProbabilityScore } from "./scores.ts";
import { wetness, type DailySeries } from "./series.ts";

/** How well the forecasts of one lead time did, and what climatology and persistence would have done. */
export interface LeadScores {
  /** Days from the observation to the day that is forecast. */
  lead: number;
  high: ElementScores;
  low: ElementScores;
  precipitation: { model: ProbabilityScore; climatology: ProbabilityScore; persistence: ProbabilityScore };
}

export interface ElementScores {
  model: EnsembleScore;
  /** Observed values of the training years within 10 days of the calendar day. */
  climatology: EnsembleScore;
  /** The observed value of the day before the forecast. */
  persistence: EnsembleScore;
}

const elements = ["high", "low"] as const;

/**
 * Forecasts each day of the later years from each of the ten days before it.
 * @param parameters Fitted to the training years alone.
 * @param members Size of the ensemble.
 */
export function hindcast(
  parameters: Parameters,
  training: DailySeries,
  later: DailySeries,
  { leads = 10, members = 200, seed = 1 } = {},
): LeadScores[] {
  const tables = tablesOf(parameters);
  const ensemble = new Ensemble(members);
  const deviates = new Deviates(seed);
  const wet = wetness(later);
  const past = {
    high: valuesAround(training, "high"),
    low: valuesAround(training, "low"),
    wet: shareWet(training),
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
  }));
  for (let from = 0; from < later.high.length; from++) {
    const [high, low, precipitation] = [
      later.high[from] ?? NaN,
      later.low[from] ?? NaN,
      later.precipitation[from] ?? NaN,
    ];
    if (Number.isNaN(high + low + precipitation)) continue;
    const day = later.start + from;
    ensemble.startFrom(
      { date: dateOf(day), high, low, precipitation },
      calendarDay(day),
      tables,
      members,
      deviates,
    );
    for (const { lead, precipitation: chance, ...score } of scores) {
      const calendar = calendarDay(day + lead);
      ensemble.next(calendar, tables, deviates);
      for (const element of elements) {
        const observed = later[element][from + lead] ?? NaN;
        if (Number.isNaN(observed)) continue;
        score[element].model.add(ensemble[element].sort(), observed);
        score[element].climatology.add(past[element][calendar] ?? new Float64Array(), observed);
        score[element].persistence.add(Float64Array.of(later[element][from] ?? NaN), observed);
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

const elementScores = (): ElementScores => ({
  model: new EnsembleScore(),
  climatology: new EnsembleScore(),
  persistence: new EnsembleScore(),
});

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

/** Of each calendar day the share of wet days within ten days of it. */
function shareWet(series: DailySeries): Float64Array {
  const count = new Float64Array(calendarDays);
  const wetDays = new Float64Array(calendarDays);
  wetness(series).forEach((wet, i) => {
    if (Number.isNaN(wet)) return;
    const day = calendarDay(series.start + i);
    for (let shift = -windowDays; shift <= windowDays; shift++) {
      const at = (day + shift + calendarDays) % calendarDays;
      count[at]! += 1;
      wetDays[at]! += wet;
    }
  });
  return wetDays.map((wet, day) => wet / (count[day] ?? 0));
}
