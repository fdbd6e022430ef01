import type { Forecast, Risk } from "@weather/contracts";

/** Stations that are named. */
const named = 2;

/**
 * What an answer of the ensemble starts from, as a sentence: `From observations of KCMH, KCVG and 4 others up to 2026-11-25.`
 *
 * @returns nothing where the server does not tell, or where the National Weather Service told the days
 */
export function basedOn({ startedFrom, station }: Forecast | Risk): string | undefined {
  if (startedFrom === undefined) return undefined;
  if (startedFrom.length === 0) return "Climate only: started from no observation.";
  const stations = [...new Set(startedFrom.map((one) => one.station))];
  const newest = newestOf(startedFrom);
  const own = startedFrom.filter((one) => one.station === station.id);
  const others = stations.length - named;
  const list =
    others > 1
      ? `${stations.slice(0, named).join(", ")} and ${others} others`
      : stations.join(", ").replace(/, ([^,]+)$/, " and $1");
  const silent =
    own.length === 0
      ? `; none of ${station.id} itself`
      : newestOf(own) < newest
        ? `; of ${station.id} itself up to ${newestOf(own)}`
        : "";
  return `From observations of ${list} up to ${newest}${silent}.`;
}

const newestOf = (all: readonly { date: string }[]) =>
  all.reduce((newest, { date }) => (date > newest ? date : newest), "");
