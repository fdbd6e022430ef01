import type { Request } from "../request.ts";
import { InputError } from "./input-error.ts";
import { measure } from "./measure.ts";
import { unitsOf, type UnitSystem } from "./units.ts";

/** The observation of a day, without its date. */
type Observed = Omit<NonNullable<Request["observed"]>, "date">;

/**
 * Reads a day's high, low and precipitation: `11.2,3.0,0.5` in the units of the system, or `52F,37F,0.02in`.
 *
 * @returns °C and mm of water
 * @throws {InputError} if the text has another form
 */
export function observedFrom(text: string, system: UnitSystem): Observed {
  const parts = text.split(",");
  const [high, low, precipitation] = parts;
  if (parts.length !== 3 || high === undefined || low === undefined || precipitation === undefined) {
    const example = system === "us" ? "52,37,0.02" : "11.2,3.0,0.5";
    const { temperature, precipitation: amount } = unitsOf[system];
    throw new InputError(
      `expected high, low and precipitation in ${temperature.symbol} and ${amount.symbol}, such as ${example}, ` +
        `got ${JSON.stringify(text.slice(0, 40))}`,
    );
  }
  return {
    high: measure(high, "temperature", "high", system),
    low: measure(low, "temperature", "low", system),
    precipitation: measure(precipitation, "precipitation", "precipitation", system),
  };
}
