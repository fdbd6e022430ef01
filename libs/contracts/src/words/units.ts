/** A system of units, which people choose for input and output. Messages are always metric. */
export type UnitSystem = "metric" | "us";

/** The quantity that a figure measures. */
export type Quantity = "temperature" | "precipitation";

interface Unit {
  /** Symbol behind a figure. */
  readonly symbol: "°C" | "°F" | "mm" | "in";
  readonly quantity: Quantity;
  /** Converts to °C or mm of water. */
  readonly toMetric: (value: number) => number;
  /** Converts from °C or mm of water. */
  readonly fromMetric: (value: number) => number;
}

const same = (value: number) => value;
/** Rounds to a millionth, so that messages have 0.3 and not 0.30000000000000004. */
const rounded = (value: number) => Math.round(value * 1e6) / 1e6 + 0;

const celsius: Unit = { symbol: "°C", quantity: "temperature", toMetric: same, fromMetric: same };
const fahrenheit: Unit = {
  symbol: "°F",
  quantity: "temperature",
  toMetric: (value) => rounded(((value - 32) * 5) / 9),
  fromMetric: (value) => rounded((value * 9) / 5 + 32),
};
const millimetres: Unit = { symbol: "mm", quantity: "precipitation", toMetric: same, fromMetric: same };
const inches: Unit = {
  symbol: "in",
  quantity: "precipitation",
  toMetric: (value) => rounded(value * 25.4),
  fromMetric: (value) => rounded(value / 25.4),
};

/** The units of each system. */
export const unitsOf: Record<UnitSystem, Record<Quantity, Unit>> = {
  metric: { temperature: celsius, precipitation: millimetres },
  us: { temperature: fahrenheit, precipitation: inches },
};

/** The spellings of each unit, in lower case. */
export const unitWords: Readonly<Record<string, Unit>> = {
  c: celsius,
  "°c": celsius,
  f: fahrenheit,
  "°f": fahrenheit,
  mm: millimetres,
  in: inches,
  inch: inches,
  inches: inches,
  '"': inches,
};
