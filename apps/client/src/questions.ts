import {
  addDays,
  dateIn,
  FieldError,
  requestFrom,
  type Request,
  type StateName,
  type UnitSystem,
  type WrittenRequest,
} from "@weather/contracts";
import { Usage } from "./exit-code.ts";

/** Number of requests to each state, and the units of figures without a unit. */
export interface RequestOptions {
  /** Requests to each state. */
  count: number;
  units: UnitSystem;
}

export interface Question {
  readonly state: StateName;
  readonly request: Request;
}

/** The requests to each state. Each starts one day after the one before. @throws {Usage} if an option is wrong */
export function questionsFor(
  states: readonly StateName[],
  { start, ...written }: WrittenRequest,
  { count, units }: RequestOptions,
): Question[] {
  const now = new Date();
  const questionFor = (state: StateName, later: number): Question => {
    const first = later > 0 ? addDays(start ?? dateIn(state, now), later) : start;
    return { state, request: asOption(() => requestFrom({ ...written, start: first }, state, units, now)) };
  };
  return states.flatMap((state) => Array.from({ length: count }, (_, later) => questionFor(state, later)));
}

function asOption<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const said = error.issues.map(({ path, message }) => `--${path.replaceAll(".", ": ")}: ${message}`);
    throw new Usage(said.join("; "));
  }
}
