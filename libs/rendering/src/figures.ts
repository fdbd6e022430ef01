import { unitsOf, type Quantity, type UnitSystem } from "@weather/contracts";

/** Of a spread. A server before 0.2 does not tell the quarters. */
export const percentiles = ["p10", "p25", "p50", "p75", "p90"] as const;

/** Writers of figures in one system of units. Their inputs are in °C and mm of water. */
export interface Figures {
  readonly temperature: string;
  readonly precipitation: string;
  /** To tenths of °C, whole °F. */
  readonly degrees: (celsius: number) => string;
  /** To whole degrees. */
  readonly wholeDegrees: (celsius: number) => string;
  /** To tenths of mm, hundredths of an inch. */
  readonly amount: (millimetres: number) => string;
}

const digits = { metric: { temperature: 1, precipitation: 1 }, us: { temperature: 0, precipitation: 2 } };

export function figuresIn(system: UnitSystem): Figures {
  const { temperature, precipitation } = unitsOf[system];
  const { temperature: ofDegrees, precipitation: ofAmount } = digits[system];
  return {
    temperature: temperature.symbol,
    precipitation: precipitation.symbol,
    degrees: (celsius) => fixed(temperature.fromMetric(celsius), ofDegrees),
    wholeDegrees: (celsius) => fixed(temperature.fromMetric(celsius), 0),
    amount: (millimetres) => fixed(precipitation.fromMetric(millimetres), ofAmount),
  };
}

/** The limit of a risk in the reader's units, with as few digits as possible: `32 °F`, `0.5 in`. */
export function limit(value: number, quantity: Quantity, system: UnitSystem): string {
  const { symbol, fromMetric } = unitsOf[system][quantity];
  return `${Math.round(fromMetric(value) * 1_000) / 1_000 + 0} ${symbol}`;
}

/** Writes "0.0" instead of "-0.0". */
const fixed = (value: number, digits: number) => {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
};

/** A chance from 0 to 1. */
export const percent = (chance: number | undefined): string =>
  chance === undefined ? "–" : `${Math.round(chance * 100)} %`;
