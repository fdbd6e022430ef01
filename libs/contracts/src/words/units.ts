/** A system of units. On the wire everything is metric; people choose what they read and write. */
export type UnitSystem = "metric" | "us";

/** What a figure measures: a temperature, or an amount of precipitation. */
export type Quantity = "temperature" | "precipitation";

export interface Unit {
  /** As it is written behind a figure. */
  readonly symbol: "°C" | "°F" | "mm" | "in";
  readonly quantity: Quantity;
  /** To °C or mm of water. */
  readonly toMetric: (value: number) => number;
  /** From °C or mm of water. */
  readonly fromMetric: (value: number) => number;
}

const same = (value: number) => value;
/** Rounds to a millionth, far below what anybody measures, so that no 0.30000000000000004 is sent. */
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

/** How people write each unit, in lower case. */
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
