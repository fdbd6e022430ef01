import { stateFrom, InputError, type StateName } from "@weather/contracts";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import ms, { type StringValue } from "ms";

// How options are read. What the contract has limits for is left to the contract.

/** @param max nothing for no limit */
export function whole(min: number, max = Infinity) {
  const range = max === Infinity ? `from ${min}` : `from ${min} to ${max}`;
  return (text: string): number => {
    if (!/^\d+$/.test(text) || Number(text) < min || Number(text) > max) {
      throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    }
    return Number(text);
  };
}

/** A number, or the text as it is: the contract says what it expects instead. */
export const figure = (text: string): unknown => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

/** In milliseconds. */
export function duration(text: string): number {
  if (!/^\d+(\.\d+)?\s?(ms|s|m|h)$/.test(text)) {
    throw new InvalidArgumentError("Expected a time with its unit, such as 500ms, 10s or 2m.");
  }
  const milliseconds = ms(text as StringValue);
  if (milliseconds >= 2 ** 31) throw new InvalidArgumentError("Expected at most 24 days, which are 576h.");
  return milliseconds;
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`Expected JSON: ${(error as Error).message}.`);
  }
}

export function state(text: string): StateName {
  try {
    return stateFrom(text);
  } catch (error) {
    if (error instanceof InputError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
