/** What the contract says of a state. */
export interface State {
  /** As people write it. */
  readonly name: string;
  /** IANA time zone in which the state's "today" begins. */
  readonly timeZone: string;
}

/** The states that have a farm. The keys are the last word of their routing keys: lower case, joined by hyphens. */
export const states = {
  ohio: { name: "Ohio", timeZone: "America/New_York" },
  virginia: { name: "Virginia", timeZone: "America/New_York" },
} as const satisfies Record<string, State>;

export type StateName = keyof typeof states;

export const stateNames = Object.keys(states) as StateName[];

export const isStateName = (word: string): word is StateName => Object.hasOwn(states, word);

/** Made once for each time zone: it takes thirty times as long as to write a date with it. */
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The date that a time zone had last. Days begin at a quarter of an hour everywhere. */
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
