import { addDays, type Day, type Forecast, type UnitSystem } from "@weather/contracts";
import { knowledge } from "./knowledge.ts";

export interface ChartOptions {
  readonly units: UnitSystem;
  /** Observation of the day before the first one, in °C and mm. */
  readonly observed?: {
    readonly date: string;
    readonly high: number;
    readonly low: number;
    readonly precipitation: number;
  };
  /** The climate of the same days, from the same farm: what is usual for the date. */
  readonly climate?: Forecast;
}

/** One column of a chart. */
export interface Column {
  readonly date: string;
  /** The forecast. Nothing for the observed day. */
  readonly day?: Day;
  readonly observed?: ChartOptions["observed"];
  /** The climate of the day. */
  readonly usual?: Day;
  /** See {@link knowledge}. 1 if the climate of the day is not known. */
  readonly knowledge: number;
}

/** The columns of a chart: the day before, observed or not, and each day of the forecast. All charts have the same. */
export function columnsOf(forecast: Forecast, { observed, climate }: ChartOptions): Column[] {
  const usualOn = new Map(climate?.days.map((day) => [day.date, day]));
  const columns = forecast.days.map((day): Column => {
    const usual = usualOn.get(day.date);
    return { date: day.date, day, knowledge: usual ? knowledge(day, usual) : 1, ...(usual && { usual }) };
  });
  const [first] = columns;
  if (!first) return [];
  const { usual } = first;
  const before = observed ? { observed, knowledge: 1 } : { knowledge: 0 };
  return [{ date: addDays(first.date, -1), ...before, ...(usual && { usual }) }, ...columns];
}
