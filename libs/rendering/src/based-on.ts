import { isStateName, states, type Forecast, type Risk } from "@weather/contracts";

/** Stations that the sentence names. The others are counted. */
const named = 2;
/** Age in days, before the first day of the forecast, above which the model ignores an observation. */
const reach = 10;

type Answer = Forecast | Risk;

/**
 * The basis of an answer as a sentence: `NWS forecast of 14:05, dressed.`, `From observations of KCMH, KCVG and 4 others up to
 * yesterday.`, or a sentence about the climate. Times are local to the state, or UTC if this code does not know the state.
 *
 * @returns nothing if the server does not tell its basis
 */
export function basedOn(answer: Answer): string | undefined {
  const { model, startedFrom, days } = answer;
  if (model.name === "nws")
    return `NWS forecast of ${timeIn(answer, model.updatedAt)}, dressed${untilIn(answer)}.`;
  if (startedFrom === undefined) return undefined;
  if (startedFrom.length > 0) return `From observations of ${observationsOf(answer, startedFrom)}.`;
  return `Climate only: started from no observation of the ${reach} days before ${days[0]?.date}.`;
}

type Observations = readonly { readonly station: string; readonly date: string }[];

/** Such as `KCMH, KCVG and 4 others up to yesterday`. Also says if the station itself has no recent observation. */
function observationsOf(answer: Answer, observed: Observations): string {
  const { id } = answer.station;
  const stations = [...new Set(observed.map((one) => one.station))];
  const others = stations.length - named;
  const list =
    others > 1
      ? `${stations.slice(0, named).join(", ")} and ${others} others`
      : stations.join(", ").replace(/, ([^,]+)$/, " and $1");
  const newest = newestOf(observed);
  const until = `${list} up to ${dayIn(answer, newest)}`;
  const own = newestOf(observed.filter((one) => one.station === id));
  if (own === newest) return until;
  return own === ""
    ? `${until}; none of ${id} itself`
    : `${until}; of ${id} itself up to ${dayIn(answer, own)}`;
}

const newestOf = (all: Observations) => all.reduce((newest, { date }) => (date > newest ? date : newest), "");

/** A date, seen from the day of the answer: today, yesterday, else YYYY-MM-DD. */
function dayIn(answer: Answer, date: string): string {
  const [today = ""] = localTime(answer, answer.issuedAt);
  const days = (Date.parse(today) - Date.parse(date)) / 86_400_000;
  return days === 0 ? "today" : days === 1 ? "yesterday" : date;
}

/** An instant as `14:05`, with its date if it is another day than that of the answer. */
function timeIn(answer: Answer, instant: string): string {
  const [today] = localTime(answer, answer.issuedAt);
  const [date, time] = localTime(answer, instant);
  return date === today ? `${time}` : `${date} ${time}`;
}

/** Date and time in the state. */
function localTime({ state }: Answer, instant: string): string[] {
  const timeZone = isStateName(state) ? states[state].timeZone : "UTC";
  // The Swedish locale writes date and time as ISO 8601 does.
  const options = { timeZone, dateStyle: "short", timeStyle: "short" } as const;
  return new Date(instant).toLocaleString("sv-SE", options).split(" ");
}

/** The last day of the National Weather Service's forecast, if days of the climate follow it. */
function untilIn({ days }: Answer): string {
  const told = days.filter((day) => ("high" in day ? [day.high, day.low] : [day]).some(isTold));
  const last = told.at(-1)?.date;
  return last === days.at(-1)?.date ? "" : ` until ${last}, then climate`;
}

const isTold = ({ basis }: { basis?: string | undefined }) => basis !== "climate";
