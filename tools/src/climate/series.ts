import { calendarDay, dateOf, dayNumber, monthOf, wetFrom } from "@weather/forecast-model/parts";

/** Daily observations of one place without gaps: a missing value is NaN. */
export interface DailySeries {
  name: string;
  /** Day number (days since 1970-01-01) of the first value. */
  start: number;
  /** °C */
  high: Float64Array;
  /** °C */
  low: Float64Array;
  /** mm of water */
  precipitation: Float64Array;
}

export interface DailyValues {
  date: string;
  high: number;
  low: number;
  precipitation: number;
}

/** A series from values in any order; days between them that are not there are missing. */
export function seriesOf(name: string, values: readonly DailyValues[]): DailySeries {
  const numbers = values.map(({ date }) => dayNumber(date));
  const start = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const end = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  const empty = () => new Float64Array(Math.max(0, end - start + 1)).fill(NaN);
  const series: DailySeries = { name, start, high: empty(), low: empty(), precipitation: empty() };
  values.forEach((value, i) => {
    const at = (numbers[i] ?? NaN) - start;
    series.high[at] = value.high;
    series.low[at] = value.low;
    series.precipitation[at] = value.precipitation;
  });
  return series;
}

/** The part of a series from one date to before another. */
export function between<Series extends DailySeries>(series: Series, from: string, to: string): Series {
  const begin = Math.max(0, dayNumber(from) - series.start);
  const end = Math.max(begin, dayNumber(to) - series.start);
  const { start, high, low, precipitation } = series;
  return {
    ...series,
    start: start + begin,
    high: high.slice(begin, end),
    low: low.slice(begin, end),
    precipitation: precipitation.slice(begin, end),
  };
}

/** 1 on a wet day, 0 on a dry one, NaN where that is not known. */
export const wetness = ({ precipitation }: DailySeries) =>
  precipitation.map((amount) => (Number.isNaN(amount) ? NaN : amount >= wetFrom ? 1 : 0));

/** Mean of the values that are known in each month, January first. @param start Day number of the first value. */
export function monthlyMeans(values: Float64Array, start: number): number[] {
  const months = Array.from({ length: 12 }, () => ({ sum: 0, count: 0 }));
  values.forEach((value, i) => {
    const month = months[monthOf(calendarDay(start + i))];
    if (Number.isNaN(value) || !month) return;
    month.sum += value;
    month.count++;
  });
  return months.map(({ sum, count }) => sum / count);
}

/** First and last date of a series, YYYY-MM-DD. */
export const periodOf = ({ start, high }: DailySeries): [from: string, to: string] => [
  dateOf(start),
  dateOf(start + high.length - 1),
];

/** The 1 January nearest to seven tenths of a series. The years before it are for training, the others for verification. */
export function splitOf(series: DailySeries): string {
  const day = series.start + 0.7 * series.high.length;
  return `${Math.round(1970 + day / 365.2425)}-01-01`;
}
