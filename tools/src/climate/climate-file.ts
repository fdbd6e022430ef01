import { climateSchema, type Climate } from "@weather/forecast-model";
import stringify from "json-stringify-pretty-compact";

/** Decimals of each kind of figure: 0.01 °C or mm, 0.1 day, 0.001 of a correlation or probability. */
const decimalsOf = (path: readonly string[]) =>
  path.at(-1) === "peakDay"
    ? 1
    : path.some((field) => field !== "warming_C" && /_(C|mm)$/.test(field))
      ? 2
      : 3;

/** Fitted figures are rounded; coordinates and other copied figures are not. */
const fitted = new Set(["meansOf", "high", "low", "precipitation"]);

/**
 * The text of climate.json, formatted for people: one line for each curve.
 * @throws Error when the climate would not pass the check at start-up.
 */
export function climateText(climate: Climate): string {
  const file = climateSchema.parse({
    ...climate,
    stations: climate.stations.map(withRounded),
    neighbours: climate.neighbours.map(withRounded),
  });
  return `${stringify(file, { maxLength: 210 })}\n`;
}

const withRounded = (station: object) =>
  Object.fromEntries(
    Object.entries(station).map(([field, value]: [string, unknown]) => [
      field,
      fitted.has(field) ? rounded(value, [field]) : value,
    ]),
  );

function rounded(value: unknown, path: readonly string[]): unknown {
  if (typeof value === "number") return Number(value.toFixed(decimalsOf(path)));
  if (Array.isArray(value)) return value.map((item) => rounded(item, path));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, item]) => [field, rounded(item, [...path, field])]),
  );
}
