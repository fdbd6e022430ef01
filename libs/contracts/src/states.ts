/** A state in the contract. */
interface State {
  /** Name as people write it. */
  readonly name: string;
  /** IANA time zone in which the state's "today" begins. */
  readonly timeZone: string;
}

/** The states that have a farm. Each key is the last word of the state's routing key: lower case, words joined by hyphens. */
export const states = {
  ohio: { name: "Ohio", timeZone: "America/New_York" },
  virginia: { name: "Virginia", timeZone: "America/New_York" },
} as const satisfies Record<string, State>;

export type StateName = keyof typeof states;

export const stateNames = Object.keys(states) as StateName[];

export const isStateName = (word: string): word is StateName => Object.hasOwn(states, word);

/** The name of a state as people write it. The key of a state that this code does not know. */
export const nameOfState = (state: string) => (isStateName(state) ? states[state].name : state);

/** One formatter for each time zone. To create one takes thirty times as long as to format a date. */
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The last date and offset of each time zone. They can only change at a quarter of an hour. */
const newest = new Map<string, LocalTime & { readonly quarter: number }>();

interface LocalTime {
  /** YYYY-MM-DD */
  readonly date: string;
  /** Minutes by which the clocks are ahead of UTC. */
  readonly offset: number;
}

/** The date in a state at an instant, and the offset of its clocks. */
function localTime(state: StateName, instant: Date): LocalTime {
  const { timeZone } = states[state];
  const quarter = Math.floor(instant.getTime() / 900_000);
  const last = newest.get(timeZone);
  if (last?.quarter === quarter) return last;
  let calendar = calendars.get(timeZone);
  if (!calendar) {
    // The Swedish locale writes dates as ISO 8601 does.
    calendar = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
    calendars.set(timeZone, calendar);
  }
  const [date = "", time = ""] = calendar.format(quarter * 900_000).split(" ");
  const offset = Date.parse(`${date}T${time}Z`) / 60_000 - quarter * 15;
  newest.set(timeZone, { quarter, date, offset });
  return { date, offset };
}

/** The date (YYYY-MM-DD) in a state at an instant. */
export const dateIn = (state: StateName, instant: Date): string => localTime(state, instant).date;

/** Minutes by which a state's clocks are ahead of UTC at an instant: −300 in Ohio in winter. */
export const utcOffset = (state: StateName, instant: Date): number => localTime(state, instant).offset;
