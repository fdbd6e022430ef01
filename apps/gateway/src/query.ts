import { figure, requestFrom, type Request, type StateName, type UnitSystem } from "@weather/contracts";
import { Problem } from "./problem.ts";

/** Query parameters that become fields of the request. The `weather` command has options of the same names. */
const texts = ["station", "start", "observed", "model", "risk"];
const figures = ["latitude", "longitude", "days", "members", "seed"];
/** Query parameters that choose the appearance of the answer. */
const looks = ["units", "format", "theme"];

const known: readonly string[] = [...texts, ...figures, ...looks];

interface Question {
  readonly request: Request;
  readonly units: UnitSystem;
  /** `1` makes the text one line. */
  readonly format: "1" | undefined;
  readonly theme: "light" | "dark" | undefined;
}

/**
 * Reads the query of a URL. An unknown parameter is refused, so that a typing error is never silently ignored.
 *
 * @throws {Problem} with status 400 if a parameter is unknown, occurs twice, or has a value that is not allowed
 * @throws {FieldError} if the contract does not take a field
 */
export function questionFrom(query: Readonly<Record<string, unknown>>, state: StateName): Question {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    if (!known.includes(name))
      throw bad(`unknown parameter ${name.slice(0, 40)}: there are ${known.join(", ")}`);
    if (typeof value !== "string") throw bad(`${name}: expected one value, got several`);
    if (looks.includes(name)) continue;
    written[name] = figures.includes(name) ? figure(value) : value;
  }
  const units = oneOf(query, "units", ["metric", "us"]) ?? "metric";
  const request = requestFrom(written, state, units);
  const format = oneOf(query, "format", ["1"]);
  return { request, units, format, theme: oneOf(query, "theme", ["light", "dark"]) };
}

function oneOf<Choice extends string>(
  query: Readonly<Record<string, unknown>>,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = query[name];
  const choice = choices.find((one) => one === value);
  if (value === undefined || choice) return choice;
  throw bad(`${name}: expected ${choices.join(" or ")}, got ${JSON.stringify(value)}`);
}

const bad = (detail: string) => new Problem(400, "Bad request", detail);
