/** A state in the contract. */
export interface State {
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

/** The last date of each time zone. It can only change at a quarter of an hour. */
const dates = new Map<string, { readonly quarter: number; readonly date: string }>();

/** The date (YYYY-MM-DD) in a state at an instant. */
export function dateIn(state: StateName, instant: Date): string {
  const { timeZone } = states[state];
  const quarter = Math.floor(instant.getTime() / 900_000);
  const last = dates.get(timeZone);
  if (last?.quarter === quarter) return last.date;
  let calendar = calendars.get(timeZone);
  // The Swedish locale writes dates as ISO 8601 does.
  if (!calendar) calendars.set(timeZone, (calendar = new Intl.DateTimeFormat("sv-SE", { timeZone })));
  const date = calendar.format(instant);
  dates.set(timeZone, { quarter, date });
  return date;
}
