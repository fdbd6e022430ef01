import { compiledRequest, type Request } from "../request.ts";
import { dateIn, type StateName } from "../states.ts";
import { InputError } from "./input-error.ts";
import { figureIn } from "./measure.ts";
import { observedFrom } from "./observed.ts";
import { thresholdFrom } from "./threshold.ts";
import type { UnitSystem } from "./units.ts";

/** A request as people write it, on a command line or in a URL. Figures may be text. */
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
  /** The model that should answer: `climate`, `ensemble` or `nws`. */
  readonly model?: string | undefined;
  /** Asks for the chance of this event instead of a forecast: `low<0`, `high>90F`. */
  readonly risk?: string | undefined;
}

/** A field of a request is not valid. */
export class FieldError extends InputError {
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  constructor(issues: readonly { readonly path: string; readonly message: string }[]) {
    super(issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; "));
    this.issues = issues;
  }
}

/** Converts a figure without a unit to a number. Any other text stays as it is, so that the contract refuses it. */
export function figure(text: string): unknown {
  const read = figureIn(text);
  return read?.word === "" ? read.value : text;
}

/**
 * Reads a request to a state.
 *
 * @param units the units of figures without a unit
 * @param now determines which day is today
 * @throws {FieldError} if a field is not valid
 */
export function requestFrom(
  { observed, risk, station, ...rest }: WrittenRequest,
  state: StateName,
  units: UnitSystem,
  now = new Date(),
): Request {
  const threshold = written("risk", risk, (text) => thresholdFrom(text, units));
  const day = written("observed", observed, (text) => observedFrom(text, units));
  const given: Record<string, unknown> = {};
  const all = { kind: threshold && "risk", station: station?.toUpperCase(), ...rest, threshold };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) given[name] = value;
  const asked = checked(given);
  if (!day) return asked;
  const start = asked.start ?? dateIn(state, now);
  return checked({ ...asked, start, observed: { date: addDays(start, -1), ...day } });
}

/** Checks a request against the contract. @throws {FieldError} if a field is not valid */
function checked(written: object): Request {
  const { error } = compiledRequest.safeParse(written);
  if (!error) return written;
  throw new FieldError(error.issues.map(({ path, message }) => ({ path: path.join("."), message })));
}

/** The date so many days later. After the year 9999 the result is not a valid date, and the contract refuses it. */
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
