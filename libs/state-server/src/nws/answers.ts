import { IANAZone, Interval } from "luxon";
import { z } from "zod";
import { conversionFrom, depth, share, temperature } from "./units.ts";

// What is read of the answers of api.weather.gov, as its OpenAPI document and its gridpoint FAQ describe them
// (https://www.weather.gov/documentation/services-web-api, https://weather-gov.github.io/api/gridpoints).
// Everything else in them is passed over.

const instant = z.iso.datetime({ offset: true });

/** Where a place lies in the grid: the answer to `/points/{latitude},{longitude}`. */
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
          shortForecast: z.string(),
        }),
      )
      .min(1),
  }),
});

/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A value, and when it holds. */
export interface Piece extends Span {
  readonly value: number;
}

/** One quantity of the forecast in numbers, converted, without the times for which NWS has no value. */
function layer(conversion: typeof temperature, min: number, max: number) {
  const values = z.array(z.object({ validTime: z.string(), value: z.number().nullable() }));
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
