type Conversion = Readonly<Record<string, (value: number) => number>>;

/** To °C. */
export const temperature: Conversion = {
  degC: (value) => value,
  degF: (value) => (value - 32) / 1.8,
  K: (value) => value - 273.15,
};

/** To mm of water. */
export const depth: Conversion = {
  mm: (value) => value,
  cm: (value) => value * 10,
  m: (value) => value * 1000,
  in: (value) => value * 25.4,
};

/** To 0 to 1. */
export const share: Conversion = { percent: (value) => value / 100 };

/**
 * The conversion for a unit code: `wmoUnit:degC`, the older `unit:degC`, or the bare `degC`. Undefined for an unknown unit.
 */
export function conversionFrom(unitCode: string, conversion: Conversion): Conversion[string] | undefined {
  const unit = unitCode.split(":").at(-1)!;
  return Object.hasOwn(conversion, unit) ? conversion[unit] : undefined;
}
