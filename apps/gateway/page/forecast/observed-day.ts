import { addDays, type Forecast, type Request } from "@weather/contracts";
import type { ChartOptions } from "@weather/rendering";

/** The observation of the station on the day before the first one: the reader's own, or else that of the farm. */
export function observedDay(
  { days, station, startedFrom = [] }: Forecast,
  given?: Request["observed"],
): ChartOptions["observed"] {
  const date = addDays(days[0]?.date ?? "", -1);
  if (given?.date === date) return given;
  const own = startedFrom.find((one) => one.station === station.id && one.date === date);
  if (own?.high === undefined || own.low === undefined || own.precipitation === undefined) return undefined;
  const { high, low, precipitation } = own;
  return { date, high, low, precipitation };
}
