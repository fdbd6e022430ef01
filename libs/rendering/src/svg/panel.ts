import { unitsOf, type UnitSystem } from "@weather/contracts";
import type { percentiles } from "../figures.ts";
import type { Column } from "./chart-data.ts";

export interface Panel {
  readonly of: "high" | "low";
  readonly columns: readonly Column[];
  readonly units: UnitSystem;
  /** Pixels for each °C. */
  readonly scale: number;
  /** Range of the plot, in °C. */
  readonly range: Range;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

export type Percentile = (typeof percentiles)[number];

/** Least range of a plot, °C, so that days that are nearly alike do not look different. */
const leastRange = 14;

/** The range that a panel must show, in °C. */
export function rangeOf(of: "high" | "low", columns: readonly Column[]): Range {
  const values = columns.flatMap(({ day, observed, usual }) => {
    const spread = day?.[of];
    return [
      ...(spread ? [spread.p10, spread.p90] : []),
      ...(observed ? [observed[of]] : []),
      ...(usual ? [usual[of].p10, usual[of].p90] : []),
    ];
  });
  if (values.length === 0) return { least: -5, most: 5 };
  const [least, most] = [Math.min(...values) - 1.5, Math.max(...values) + 1.5];
  const room = Math.max(0, leastRange - (most - least)) / 2;
  return { least: least - room, most: most + room };
}

/** Height of a plot, in px. */
export const heightOf = ({ range: { least, most }, scale }: Pick<Panel, "range" | "scale">): number =>
  (most - least) * scale;

/** The y of a temperature, in px from the top of the plot. */
export const yOf = ({ range, scale }: Panel, celsius: number): number => (range.most - celsius) * scale;

/** Whole degrees in the reader's units, with a minus that is as wide as a plus. */
export function degrees(celsius: number, units: UnitSystem): string {
  const value = Math.round(unitsOf[units].temperature.fromMetric(celsius));
  return value < 0 ? `−${-value}` : String(Math.abs(value));
}
