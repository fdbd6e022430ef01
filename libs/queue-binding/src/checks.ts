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

/** Bytes of the longest name that AMQP carries. */
const longestName = 255;

/** @throws {TypeError} if the value is not a text of `min` to `max` bytes */
export function checkText(name: string, value: unknown, { min = 1, max = longestName } = {}): void {
  const bytes = typeof value === "string" ? Buffer.byteLength(value) : -1;
  if (bytes >= min && bytes <= max) return;
  const range = max === Infinity ? "" : ` of ${min} to ${max} bytes`;
  const got = bytes < 0 ? kindOf(value) : `one of ${bytes} bytes`;
  throw new TypeError(`${name} must be a text${range}, got ${got}`);
}

/** @throws {TypeError} if the value is not a function */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw new TypeError(`${name} must be a function, got ${kindOf(value)}`);
}

/** Type of a value, for an error message. */
export const kindOf = (value: unknown) => (value === null ? "null" : typeof value);
