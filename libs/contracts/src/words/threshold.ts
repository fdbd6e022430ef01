import type { Request } from "../request.ts";
import { InputError } from "./input-error.ts";
import { measure } from "./measure.ts";
import type { Quantity, UnitSystem } from "./units.ts";

type Threshold = NonNullable<Request["threshold"]>;

/** The quantity of each threshold. */
export const quantityOf: Record<Threshold["of"], Quantity> = {
  high: "temperature",
  low: "temperature",
  precipitation: "precipitation",
};

/**
 * Reads a condition: `low<0`, `high>90F`, `precipitation > 0.5in`.
 *
 * @param system the units of a limit without a unit
 * @returns the threshold, with its limit in °C or mm of water
 * @throws {InputError} if the text has another form
 */
export function thresholdFrom(text: string, system: UnitSystem): Threshold {
  const [, word = "", sign, limit = ""] = /^\s*(high|low|precipitation)\s*([<>])(.+)$/i.exec(text) ?? [];
  const of = word.toLowerCase() as Threshold["of"];
  if (sign === undefined) {
    const example = system === "us" ? "low<32" : "low<0";
    throw new InputError(
      `expected high, low or precipitation, < or >, and a limit, such as "${example}", got ` +
        JSON.stringify(text.slice(0, 40)),
    );
  }
  return { of, [sign === "<" ? "below" : "above"]: measure(limit, quantityOf[of], of, system) };
}
