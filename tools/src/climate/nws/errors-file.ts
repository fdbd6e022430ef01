import { fileURLToPath } from "node:url";
import type { ForecastErrors } from "@weather/forecast-model/parts";
import { format, resolveConfig } from "prettier";
import * as z from "zod";

/** The file that forecasts are dressed with. */
export const shippedErrors = fileURLToPath(
  new URL("../../../../libs/forecast-model/src/dressing/nws-errors.json", import.meta.url),
);

const correlation = z.number().min(-0.95).max(0.95);
const errorsByLead = z
  .array(
    z.strictObject({
      lead_h: z.number().positive().describe("Hours from the forecast's issue"),
      n: z.int().min(2).describe("Forecasts that were verified"),
      mean_C: z.number().describe("Mean of observed minus forecast, °C"),
      sd_C: z.number().positive().describe("Standard deviation of observed minus forecast, °C"),
    }),
  )
  .min(1);

/** Errors of the National Weather Service's highs and lows, as `npm run climate:fit-nws` writes them. */
const errorsSchema = z.strictObject({
  source: z.string(),
  cities: z.array(z.string()).min(1).describe("CITY, STATE as in the file that they were fitted to"),
  high: errorsByLead,
  low: errorsByLead,
  correlations: z
    .strictObject({
      highWithNextHigh: correlation,
      lowWithNextLow: correlation,
      lowWithHigh: correlation.describe("The morning's low with the same day's high"),
      highWithNextLow: correlation.describe("The day's high with the next morning's low"),
    })
    .describe("Correlations of the errors of one forecast, from one time to the next"),
});

/** As a file: 0.001 °C and 0.001 of a correlation are more than the figures are worth. */
export async function errorsText(errors: ForecastErrors, filepath: string): Promise<string> {
  const rounded = JSON.stringify(errorsSchema.parse(errors), (_, value: unknown) =>
    typeof value === "number" ? Number(value.toFixed(3)) : value,
  );
  return format(rounded, { ...(await resolveConfig(shippedErrors)), filepath });
}
