import { z } from "zod";
import { calendarDays } from "./calendar.ts";
import { curveSchema, throughTheYear } from "./curve.ts";

/** A curve whose values must stay in a range on every day of the year. */
const curveWithin = (min: number, max: number, what: string) =>
  curveSchema
    .superRefine((curve, context) => {
      const year = throughTheYear(curve);
      const day = year.findIndex((value) => !(value >= min && value <= max));
      if (day < 0 || day >= calendarDays) return;
      context.addIssue({
        code: "custom",
        message: `expected values from ${min} to ${max} on every day, got ${year[day]?.toFixed(3)} on day ${day + 1}`,
      });
    })
    .describe(what);

const temperature = (what: string) =>
  z
    .strictObject({
      mean_C: curveWithin(-60, 60, "Mean of all days, °C"),
      wetMinusDry_C: curveWithin(-20, 20, "Mean of wet days minus mean of dry days, °C"),
      sdWet_C: curveWithin(0.1, 20, "Standard deviation of wet days about their mean, °C"),
      sdDry_C: curveWithin(0.1, 20, "Standard deviation of dry days about their mean, °C"),
    })
    .describe(what);

const weight = z.number().min(-2).max(2);
const spread = z.number().min(0.01).max(2);
const oneDay = z.tuple([weight, weight]).describe("Weights of high and low of the day that is known");
const twoDays = z
  .tuple([weight, weight, weight, weight])
  .describe("Weights of high and low of the day before, then of high and low of the day before that");

/** x = offset + A x(known days) + B e: rows of A and B are high and low, e is standard normal. */
const step = <Row extends z.ZodType>(row: Row, what: string) =>
  z
    .strictObject({
      offsetHigh: curveWithin(-3, 3, "Added to the high, standard deviations"),
      offsetLow: curveWithin(-3, 3, "Added to the low, standard deviations"),
      A: z.tuple([row, row]),
      B: z.tuple([z.tuple([spread, z.literal(0)]), z.tuple([weight, spread])]).describe("Lower triangle"),
    })
    .describe(what);

/** What is known of the weather of one station: how it goes through the year, and from day to day. */
const stationSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{3}$/)
    .describe("ICAO id, such as KCMH"),
  name: z.string().min(1),
  latitude: z.number().min(-90).max(90).describe("Degrees north"),
  longitude: z.number().min(-180).max(180).describe("Degrees east"),
  elevation_m: z.number().min(-430).max(9000).describe("Metres above sea level"),
  borrowed: z
    .string()
    .optional()
    .describe("The state that this station's climate is borrowed from; nothing if it is the state's own"),
  sources: z
    .strictObject({
      temperature: z.string().describe("Where the means of high and low come from: set, period, station id"),
      precipitation: z.string().describe("Where the monthly amounts come from: set, period, station id"),
      wetDays: z.string().describe("Where the number of wet days comes from"),
      dayToDay: z
        .array(z.string())
        .min(1)
        .describe("Daily series that everything else was fitted to, pooled"),
    })
    .describe("Where the figures below come from"),
  high: temperature("Highest temperature of the day"),
  low: temperature("Lowest temperature of the day"),
  anomalies: z
    .strictObject({
      dryToDry: step(twoDays, "A dry day after a dry day"),
      dryToWet: step(twoDays, "A wet day after a dry day"),
      wetToDry: step(twoDays, "A dry day after a wet day"),
      wetToWet: step(twoDays, "A wet day after a wet day"),
      beforeDry: step(oneDay, "Back from a dry day to the day before it"),
      beforeWet: step(oneDay, "Back from a wet day to the day before it"),
      highWithLowDry: z.number().min(-0.99).max(0.99).describe("Correlation of high and low of a dry day"),
      highWithLowWet: z.number().min(-0.99).max(0.99).describe("Correlation of high and low of a wet day"),
    })
    .describe(
      "How the standardized anomalies, (value - mean of such days) / standard deviation, go from day to day",
    ),
  precipitation: z
    .strictObject({
      wetAfterWet: curveWithin(
        0.001,
        0.999,
        "P(W|W): probability of a wet day (>= 0.254 mm) after a wet day",
      ),
      wetAfterDry: curveWithin(0.001, 0.999, "P(W|D): probability of a wet day after a dry day"),
      perHighAnomaly: z
        .number()
        .min(-0.5)
        .max(0.5)
        .describe("Added to both for each standard deviation of high"),
      perLowAnomaly: z
        .number()
        .min(-0.5)
        .max(0.5)
        .describe("Added to both for each standard deviation of low"),
      wetDayMean_mm: curveWithin(0.3, 100, "Mean amount of a wet day, mm of water"),
      shape: z
        .number()
        .min(0.1)
        .max(10)
        .describe("Shape of the gamma distribution of the amount above 0.254 mm"),
    })
    .describe("Wet and dry days, and how much falls on a wet one"),
});

/** climate.json of a state. */
export const climateSchema = z.strictObject({
  state: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/)
    .describe("As in the routing key: lower case, words joined by hyphens"),
  note: z.string().optional().describe("How the file was made"),
  stations: z
    .array(stationSchema)
    .min(1)
    .refine(
      (stations) => new Set(stations.map(({ id }) => id)).size === stations.length,
      "a station occurs twice",
    )
    .describe("The first is the state's default"),
});

export type StationClimate = z.output<typeof stationSchema>;
export type Climate = z.output<typeof climateSchema>;
export type Temperature = StationClimate["high"];
/** The fitted part of a station's climate. */
export type Parameters = Pick<StationClimate, "high" | "low" | "anomalies" | "precipitation">;

/**
 * Checks what was read from climate.json.
 * @throws Error whose message names the wrong field, what was expected there and what came instead.
 */
export function climateFrom(value: unknown): Climate {
  const result = climateSchema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message, input }) => {
    const got = input === undefined || typeof input === "object" ? "" : `, got ${JSON.stringify(input)}`;
    return `${path.join(".") || "climate"}: ${message}${got}`;
  });
  throw new Error(`the climate is not usable: ${issues.join("; ")}`);
}
