import type { Day, Forecast, UnitSystem } from "@weather/contracts";
import { knowledge } from "./knowledge.ts";

export interface ChartOptions {
  readonly units: UnitSystem;
  /** What was measured on the day before the first one, in °C and mm. */
  readonly observed?: {
    readonly date: string;
    readonly high: number;
    readonly low: number;
    readonly precipitation: number;
  };
  /** The same farm's forecast for the same days without an observation: what is usual for the date. */
  readonly climate?: Forecast;
}

/** One column of a chart. */
export interface Column {
  readonly date: string;
  /** The forecast; nothing for the day that was observed. */
  readonly day?: Day;
  readonly observed?: ChartOptions["observed"];
  /** What is usual for the date. */
  readonly usual?: Day;
  /** See {@link knowledge}; 1 where nobody knows what is usual. */
  readonly knowledge: number;
}

/** The columns of a chart: the observed day, if there is one, and each day of the forecast. */
export function columnsOf(forecast: Forecast, { observed, climate }: ChartOptions): Column[] {
  const usualOn = new Map(climate?.days.map((day) => [day.date, day]));
  const columns = forecast.days.map((day): Column => {
    const usual = usualOn.get(day.date);
    return { date: day.date, day, knowledge: usual ? knowledge(day, usual) : 1, ...(usual && { usual }) };
  });
  if (!observed) return columns;
  const usual = columns[0]?.usual;
  return [{ date: observed.date, observed, knowledge: 1, ...(usual && { usual }) }, ...columns];
}
