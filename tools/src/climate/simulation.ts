import {
  calendarDay,
  daysOfMonth,
  Deviates,
  Ensemble,
  monthOf,
  type Parameters,
  tablesOf,
  throughTheYear,
  wetFrom,
} from "@weather/forecast-model/parts";
import type { DailySeries } from "./series.ts";

/** What a generator must get right over many days, whatever it says of tomorrow. */
export interface Statistics {
  /** Share of wet days in each month, 0 to 1. */
  wetShare: number[];
  /** Mean amount in each month, mm. */
  amount: number[];
  /** Standard deviation of the high and the low about the seasonal mean, °C. */
  sdHigh: number;
  sdLow: number;
  /** Mean departure of the high and the low from the seasonal mean, °C. */
  biasHigh: number;
  biasLow: number;
  /** Correlation of a day's departure from the seasonal mean with that of the day before. */
  lagHigh: number;
  lagLow: number;
}

/** As many series as wanted, each as long as the one given, from the first day to the last, missing where it is. */
export function simulate(parameters: Parameters, like: DailySeries, count: number, seed = 1): DailySeries[] {
  const tables = tablesOf(parameters);
  const ensemble = new Ensemble(count);
  const deviates = new Deviates(seed);
  const { start, high, low, precipitation } = like;
  const length = high.length;
  const empty = () => new Float64Array(length).fill(NaN);
  const all = Array.from({ length: count }, (_, i): DailySeries => ({
    name: `${like.name}, simulated ${i + 1}`,
    start,
    high: empty(),
    low: empty(),
    precipitation: empty(),
  }));
  ensemble.startAnywhere(calendarDay(start - 1), tables, count, deviates);
  for (let day = 0; day < length; day++) {
    ensemble.next(calendarDay(start + day), tables, deviates);
    all.forEach((series, member) => {
      if (!Number.isNaN(high[day])) series.high[day] = ensemble.high[member] ?? NaN;
      if (!Number.isNaN(low[day])) series.low[day] = ensemble.low[member] ?? NaN;
      if (!Number.isNaN(precipitation[day]))
        series.precipitation[day] = ensemble.precipitation[member] ?? NaN;
    });
  }
  return all;
}

/** @param parameters Whose seasonal means the departures are counted from. */
export function statisticsOf(
  { start, high, low, precipitation }: DailySeries,
  parameters: Parameters,
): Statistics {
  const months = Array.from({ length: 12 }, () => ({ days: 0, wet: 0, amount: 0 }));
  precipitation.forEach((amount, i) => {
    const month = months[monthOf(calendarDay(start + i))];
    if (Number.isNaN(amount) || !month) return;
    month.days++;
    month.amount += amount;
    if (amount >= wetFrom) month.wet++;
  });
  const highs = departures(high, start, throughTheYear(parameters.high.mean_C));
  const lows = departures(low, start, throughTheYear(parameters.low.mean_C));
  return {
    wetShare: months.map(({ wet, days }) => wet / days),
    amount: months.map(({ amount, days }, month) => {
      const [from, to] = daysOfMonth(month);
      return (amount / days) * (to - from);
    }),
    sdHigh: Math.sqrt(meanOf(highs, (x) => x * x)),
    sdLow: Math.sqrt(meanOf(lows, (x) => x * x)),
    biasHigh: meanOf(highs, (x) => x),
    biasLow: meanOf(lows, (x) => x),
    lagHigh: lagOne(highs),
    lagLow: lagOne(lows),
  };
}

const departures = (values: Float64Array, start: number, mean: Float64Array) =>
  values.map((value, i) => value - (mean[calendarDay(start + i)] ?? NaN));

function meanOf(values: Float64Array, of: (value: number, i: number) => number): number {
  let sum = 0;
  let count = 0;
  values.forEach((value, i) => {
    const term = of(value, i);
    if (Number.isNaN(term)) return;
    sum += term;
    count++;
  });
  return sum / count;
}

const lagOne = (x: Float64Array) =>
  meanOf(x, (value, i) => value * (x[i - 1] ?? NaN)) / meanOf(x, (value) => value * value);

/** How far an observed figure lies from simulated ones, in standard deviations of theirs. */
export function standardized(
  observed: number,
  simulated: readonly number[],
): { mean: number; sd: number; z: number } {
  const mean = simulated.reduce((sum, value) => sum + value, 0) / simulated.length;
  const sd = Math.sqrt(
    simulated.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (simulated.length - 1),
  );
  return { mean, sd, z: (observed - mean) / sd };
}
