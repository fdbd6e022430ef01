import { request, type Request } from "../request.ts";
import { dateIn, type StateName } from "../states.ts";
import { InputError } from "./input-error.ts";
import { observedFrom } from "./observed.ts";
import { thresholdFrom } from "./threshold.ts";
import type { UnitSystem } from "./units.ts";

/** A request as people write it, in a command line or a URL. Figures may be text. */
export interface WrittenRequest {
  readonly station?: string | undefined;
  /** Degrees north. */
  readonly latitude?: unknown;
  /** Degrees east. */
  readonly longitude?: unknown;
  readonly start?: string | undefined;
  readonly days?: unknown;
  readonly members?: unknown;
  readonly seed?: unknown;
  /** High, low and precipitation of the day before `start`: `11.2,3.0,0.5` or `52F,37F,0.02in`. */
  readonly observed?: string | undefined;
  /** What is to answer: `climate`, `ensemble` or `nws`. */
  readonly model?: string | undefined;
  /** Asks how likely this is, instead of for the weather: `low<0`, `high>90F`. */
  readonly risk?: string | undefined;
}

/** A field of a request cannot be understood. */
export class FieldError extends InputError {
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  constructor(issues: readonly { readonly path: string; readonly message: string }[]) {
    super(issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; "));
    this.issues = issues;
  }
}

/** A figure without a unit becomes a number. Any other text stays as it is, and the contract refuses it. */
export const figure = (text: string): unknown => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

/**
 * Reads a request to a state.
 *
 * @param units in which figures without a unit are read
 * @param now decides which day is today
 * @throws {FieldError} if a field cannot be understood, or the contract does not take it
 */
export function requestFrom(
  { observed, risk, station, ...rest }: WrittenRequest,
  state: StateName,
  units: UnitSystem,
  now = new Date(),
): Request {
  const threshold = written("risk", risk, (text) => thresholdFrom(text, units));
  const day = written("observed", observed, (text) => observedFrom(text, units));
  const given = Object.entries({
    kind: threshold && "risk",
    station: station?.toUpperCase(),
    ...rest,
    threshold,
  }).filter(([, value]) => value !== undefined);
  const asked = checked(Object.fromEntries(given));
  if (!day) return asked;
  const start = asked.start ?? dateIn(state, now);
  return checked({ ...asked, start, observed: { date: addDays(start, -1), ...day } });
}

/** @throws {FieldError} if the contract does not take it */
export function checked(written: object): Request {
  const { error } = request.safeParse(written);
  if (!error) return written;
  throw new FieldError(error.issues.map(({ path, message }) => ({ path: path.join("."), message })));
}

/** The date so many days later. Beyond the year 9999 the result is no date, and the contract refuses it. */
export function addDays(date: string, days: number): string {
  const later = new Date(`${date}T00:00:00Z`);
  later.setUTCDate(later.getUTCDate() + days);
  return later.toISOString().split("T")[0] ?? "";
}

function written<Value>(
  path: string,
  text: string | undefined,
  read: (text: string) => Value,
): Value | undefined {
  try {
    return text === undefined ? undefined : read(text);
  } catch (error) {
    if (error instanceof InputError) throw new FieldError([{ path, message: error.message }]);
    throw error;
  }
}
