import * as z from "zod";
import { calendarDays } from "./calendar.ts";
import { curveSchema, throughTheYear, type Curve } from "./curve.ts";

/** Probabilities of the quantiles that describe the distribution of a day's high or low around its mean. */
export const probabilities = [0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99] as const;

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
      mean_C: curveWithin(-60, 60, "Mean of all days in the year `meansOf`, °C"),
      warming_C: curveWithin(-0.2, 0.2, "Added to the mean for each year after `meansOf`, °C"),
      departures_C: z
        .array(curveWithin(-60, 60, "Quantile of value minus mean, °C"))
        .length(probabilities.length)
        .refine(rising, "expected quantiles that rise by at least 0.05 °C from one to the next on every day")
        .describe(`Quantiles of the probabilities ${probabilities.join(", ")}`),
    })
    .describe(what);

function rising(curves: readonly Curve[]): boolean {
  const years = curves.map(throughTheYear);
  return years
    .slice(1)
    .every((year, i) => year.every((value, day) => value - (years[i]?.[day] ?? NaN) >= 0.05));
}

const place = {
  name: z.string().min(1),
  latitude: z.number().min(-90).max(90).describe("Degrees north"),
  longitude: z.number().min(-180).max(180).describe("Degrees east"),
};

const weather = {
  meansOf: z
    .number()
    .min(1900)
    .max(2100)
    .describe("Year that the means of high and low are of: the middle of their period"),
  high: temperature("Highest temperature of the day"),
  low: temperature("Lowest temperature of the day"),
  precipitation: z
    .strictObject({
      wetShare: curveWithin(0.001, 0.999, "Share of days that are wet (>= 0.254 mm)"),
      wetDayMean_mm: curveWithin(0.3, 100, "Mean amount of a wet day, mm of water"),
      shape: z
        .number()
        .min(0.1)
        .max(10)
        .describe("Shape of the gamma distribution of the amount above 0.254 mm"),
    })
    .describe("Wet and dry days, and how much falls on a wet one"),
};

/** A station that forecasts are made for. */
const stationSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{3}$/)
    .describe("ICAO id, such as KCMH"),
  ...place,
  elevation_m: z.number().min(-430).max(9000).describe("Metres above sea level"),
  timeZone: z.string().optional().describe("IANA time zone, such as America/New_York. Default: the state's"),
  borrowed: z
    .string()
    .optional()
    .describe("The state that this station's climate is borrowed from; nothing if it is the state's own"),
  sources: z
    .strictObject({
      temperature: z.string().describe("Where the means of high and low come from: set, period, station id"),
      precipitation: z.string().describe("Where the monthly amounts come from: set, period, station id"),
      wetDays: z.string().describe("Where the number of wet days comes from"),
      daily: z.array(z.string()).min(1).describe("Daily series that everything else was fitted to, pooled"),
    })
    .describe("Where the figures below come from"),
  ...weather,
});

/** A station whose observations are used, but for which no forecast is made. */
const neighbourSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Z][A-Za-z0-9_]*$/)
    .describe("ICAO id, or the name of a USCRN station with underscores: IN_Bedford_5_WNW"),
  ...place,
  ...weather,
});

/** climate.json of a state. */
export const climateSchema = z
  .strictObject({
    state: z
      .string()
      .regex(/^[a-z]+(-[a-z]+)*$/)
      .describe("As in the routing key: lower case, words joined by hyphens"),
    note: z.string().optional().describe("How the file was made"),
    stations: z.array(stationSchema).min(1).describe("The first is the state's default"),
    neighbours: z.array(neighbourSchema).default([]).describe("Other stations whose observations are used"),
  })
  .superRefine(({ stations, neighbours }, context) => {
    const ids = [...stations, ...neighbours].map(({ id }) => id);
    if (new Set(ids).size < ids.length)
      context.addIssue({ code: "custom", path: ["stations"], message: "a station occurs twice" });
  });

export type StationClimate = z.output<typeof stationSchema>;
export type NeighbourClimate = z.output<typeof neighbourSchema>;
export type Climate = z.output<typeof climateSchema>;
export type Temperature = StationClimate["high"];
/** The fitted part of a station's climate. */
export type Parameters = Pick<StationClimate, "meansOf" | "high" | "low" | "precipitation">;

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
