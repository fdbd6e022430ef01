import { InputError } from "./input-error.ts";
import { unitsOf, unitWords, type Quantity, type UnitSystem } from "./units.ts";

const written = /^([-+\u2212]?(?:\d+(?:\.\d+)?|\.\d+))\s*([a-z°"]*)$/i;

/** The number and the word of a figure such as `52F` or `+39.96`. Nothing if the text is not a figure. */
export function figureIn(text: string): { value: number; word: string } | undefined {
  const [, figure, word = ""] = written.exec(text.trim()) ?? [];
  return figure === undefined ? undefined : { value: Number(figure.replace("\u2212", "-")), word };
}

/**
 * Reads a figure with or without its unit: `52F`, `0.5in`, `11C`, `5 mm`, `-3`. Its own unit overrides the system.
 *
 * @param name of the field, for the message
 * @param system the units of a figure without a unit
 * @returns °C or mm of water
 * @throws {InputError} if the text is not a figure, or has a unit of another quantity
 */
export function measure(text: string, quantity: Quantity, name: string, system: UnitSystem): number {
  const { symbol } = unitsOf[system][quantity];
  const figure = figureIn(text);
  if (figure === undefined) {
    throw new InputError(`${name}: expected a number in ${symbol}, got ${JSON.stringify(text.slice(0, 40))}`);
  }
  const { value, word } = figure;
  const key = word.toLowerCase();
  const unit = key === "" ? unitsOf[system][quantity] : Object.hasOwn(unitWords, key) && unitWords[key];
  if (!unit || unit.quantity !== quantity) {
    const units = [unitsOf.metric[quantity], unitsOf.us[quantity]].map(({ symbol }) => symbol).join(" or ");
    throw new InputError(`${name}: expected ${units}, got ${word.slice(0, 40)}`);
  }
  return unit.toMetric(value);
}
