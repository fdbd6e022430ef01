import ms, { type StringValue } from "ms";

// Readers of numbers and times, for settings and for the options of commands.

/** @returns a reader @throws {RangeError} from the reader, with the range and the invalid text */
export function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new RangeError(`expected a whole number from ${min} to ${max}, got ${text}`);
  };
}

/**
 * Reads a time with its unit, such as `500ms`, `60s` or `5m`, as milliseconds. Node's timers take at most 24 days (576h);
 * a longer time would be over at once.
 *
 * @returns a reader @throws {RangeError} from the reader, with the range and the invalid text
 */
export function duration(min: StringValue, max: StringValue): (text: string) => number {
  return (text) => {
    const value = /^\d+(\.\d+)?\s?(ms|s|m|h)$/.test(text) ? ms(text as StringValue) : NaN;
    if (value >= ms(min) && value <= ms(max)) return value;
    throw new RangeError(`expected a time from ${min} to ${max}, such as 30s or 2m, got ${text}`);
  };
}
