import {
  dateIn,
  InputError,
  observedFrom,
  request,
  thresholdFrom,
  type Request,
  type StateName,
  type UnitSystem,
} from "@weather/contracts";
import { Usage } from "./exit-code.ts";

/** What a request is made of, as it was written. */
export interface RequestOptions {
  station?: string;
  start?: string;
  days?: unknown;
  members?: unknown;
  seed?: unknown;
  /** Yesterday's high, low and precipitation; yesterday is the day before `start`. */
  observed?: string;
  /** Asks how likely this is, instead of for the weather. */
  risk?: string;
  /** Requests to each state. */
  count: number;
  units: UnitSystem;
}

export interface Question {
  readonly state: StateName;
  readonly request: Request;
}

/** The requests to each state, each a day after the one before. @throws {Usage} if an option is wrong */
export function questionsFor(states: readonly StateName[], options: RequestOptions): Question[] {
  const { count, units } = options;
  const observed = written("observed", options.observed, (text) => observedFrom(text, units));
  const template = templateFrom(options);
  const now = new Date();
  const questions = states.flatMap((state) =>
    Array.from({ length: count }, (_, later): Question => {
      if (count === 1 && !observed) return { state, request: template };
      const start = addDays(template.start ?? dateIn(state, now), later);
      const yesterday = observed && { observed: { date: addDays(start, -1), ...observed } };
      return { state, request: { ...template, start, ...yesterday } };
    }),
  );
  // They differ in their dates alone: what is wrong with one is wrong with the last.
  check(questions.at(-1)?.request);
  return questions;
}

function templateFrom({ station, start, days, members, seed, risk, units }: RequestOptions): Request {
  const threshold = written("risk", risk, (text) => thresholdFrom(text, units));
  const kind = threshold && "risk";
  const given = { kind, station: station?.toUpperCase(), start, days, members, seed, threshold };
  return check(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

/** @throws {Usage} if the contract does not take it */
function check(written: object = {}): Request {
  const { error } = request.safeParse(written);
  if (!error) return written;
  throw new Usage(error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("; "));
}

function written<Value>(
  option: string,
  text: string | undefined,
  read: (text: string) => Value,
): Value | undefined {
  try {
    return text === undefined ? undefined : read(text);
  } catch (error) {
    if (error instanceof InputError) throw new Usage(`--${option}: ${error.message}`);
    throw error;
  }
}

/** A year beyond 9999 has no date: then this is none, and the contract says so. */
function addDays(date: string, days: number): string {
  const later = new Date(`${date}T00:00:00Z`);
  later.setUTCDate(later.getUTCDate() + days);
  return later.toISOString().split("T")[0] ?? "";
}
