/** The longest delay of Node's timers, in milliseconds: 24 days. */
export const longestTime = 2 ** 31 - 1;

interface Range {
  readonly min: number;
  /** @default none; then `Infinity` is allowed */
  readonly max?: number;
  /** Whether only a whole number is allowed. @default false */
  readonly whole?: boolean;
}

/** @throws {RangeError} if the value is not a number in this range */
export function checkNumber(
  name: string,
  value: unknown,
  { min, max = Infinity, whole = false }: Range,
): void {
  const fits =
    typeof value === "number" &&
    value >= min &&
    value <= max &&
    (!whole || value === Infinity || Number.isInteger(value));
  if (fits) return;
  const range = max === Infinity ? `from ${min}` : `from ${min} to ${max}`;
  throw new RangeError(`${name} must be a ${whole ? "whole " : ""}number ${range}, got ${String(value)}`);
}

/** @throws {RangeError} if the value is not a number of milliseconds that a timer can wait */
export const checkTime = (name: string, value: unknown): void =>
  checkNumber(name, value, { min: 0, max: longestTime });
