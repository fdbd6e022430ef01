import { IANAZone, Interval } from "luxon";
import * as z from "zod";
import type { Piece } from "./spans.ts";
import { conversionFrom, depth, share, temperature } from "./units.ts";

// Schemas of the answers of api.weather.gov, from its OpenAPI document and its gridpoint FAQ
// (https://www.weather.gov/documentation/services-web-api, https://weather-gov.github.io/api/gridpoints).
// Other fields are ignored. The sizes are bounded, so that no answer keeps a server busy for long. The bounds are many times
// above what NWS sends (14 periods, at most 192 values of a layer).

const mostPeriods = 40;
const mostValues = 250;
/** Longest text in a reply, in characters. NWS's texts have up to 100. */
const longestWords = 300;

const instant = z.iso.datetime({ offset: true });

/** The grid point of a place: the answer to `/points/{latitude},{longitude}`. */
export const points = z.object({
  properties: z.object({
    timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), "no time zone"),
    /** Address of the forecast in words. */
    forecast: z.url(),
    /** Address of the forecast in numbers. */
    forecastGridData: z.url(),
  }),
});

/** The forecast in words, by day and by night. */
export const forecast = z.object({
  properties: z.object({
    periods: z
      .array(
        z.object({
          startTime: instant.transform((text) => new Date(text)),
          isDaytime: z.boolean(),
          shortForecast: z.string().max(longestWords),
        }),
      )
      .min(1)
      .max(mostPeriods),
  }),
});

/** One quantity of the forecast in numbers, converted. Times without a value are left out. */
function layer(conversion: typeof temperature, min: number, max: number) {
  const values = z
    .array(z.object({ validTime: z.string().max(60), value: z.number().nullable() }))
    .max(mostValues);
  return z
    .object({ uom: z.string().default(""), values: values.default([]) })
    .transform(({ uom, values }, context): Piece[] => {
      const convert = conversionFrom(uom, conversion);
      return values.flatMap(({ validTime, value }, at) => {
        if (value === null) return [];
        const { start, end } = Interval.fromISO(validTime);
        const converted = convert?.(value);
        if (start && end && converted !== undefined && converted >= min && converted <= max) {
          return { from: start.toMillis(), to: end.toMillis(), value: converted };
        }
        const message = `cannot make sense of ${value} ${uom} at ${validTime}`;
        context.addIssue({ code: "custom", path: ["values", at], message });
        return [];
      });
    })
    .default([]);
}

/** The forecast in numbers: layers of values, each with the interval in which it holds. */
export const gridpoint = z.object({
  properties: z.object({
    updateTime: instant.transform((text) => new Date(text).toISOString()),
    maxTemperature: layer(temperature, -90, 60),
    minTemperature: layer(temperature, -90, 60),
    probabilityOfPrecipitation: layer(share, 0, 1),
    quantitativePrecipitation: layer(depth, 0, 5_000),
  }),
});

export type Periods = z.output<typeof forecast>["properties"]["periods"];
export type Grid = z.output<typeof gridpoint>["properties"];
