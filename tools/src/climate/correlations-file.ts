import { correlationsSchema, type CorrelationParameters } from "@weather/forecast-model/parts";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import stringify from "json-stringify-pretty-compact";

/** The file that the forecast model is built with. */
export const shippedCorrelations = fileURLToPath(
  new URL("../../../libs/forecast-model/src/correlations.json", import.meta.url),
);

export const readCorrelations = (file: string): CorrelationParameters =>
  correlationsSchema.parse(JSON.parse(readFileSync(file, "utf8")));

/** The text of correlations.json, formatted for people: whole kilometres, a thousandth of a weight, a hundredth of a day. */
export function correlationsText(parameters: CorrelationParameters): string {
  const rounded = JSON.parse(
    JSON.stringify(parameters, (key, value: unknown) => {
      if (key.endsWith("_km"))
        return Array.isArray(value) ? value.map((one) => Math.round(Number(one))) : Math.round(Number(value));
      if (typeof value !== "number") return value;
      return Number(value.toFixed(key.startsWith("memory") ? 2 : 4));
    }),
  ) as CorrelationParameters;
  return `${stringify(correlationsSchema.parse(rounded), { maxLength: 120 })}\n`;
}
