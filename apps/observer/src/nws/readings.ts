import * as z from "zod";

// Reads `/stations/{id}/observations` (https://www.weather.gov/documentation/services-web-api). A station reports each hour, and
// when the weather changes. Some report every five minutes.

/** One report of a station. */
export interface Reading {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** °C */
  readonly temperature: number | undefined;
  /** mm of water in the hour so far. Nothing if there is no gauge, or it does not report. */
  readonly precipitation: number | undefined;
}

const mostReadings = 500;

/** Values that NWS's quality control has rejected (MADIS: X failed, B subjectively bad). */
const rejected = new Set(["X", "B"]);

const figure = (unit: string) =>
  z
    .object({
      unitCode: z.string().optional(),
      value: z.number().nullable(),
      qualityControl: z.string().optional(),
    })
    .optional()
    .transform((one) => {
      const usable =
        one && one.value !== null && one.unitCode?.endsWith(unit) && !rejected.has(one.qualityControl ?? "");
      return usable ? (one.value ?? undefined) : undefined;
    });

const feature = z
  .object({
    properties: z.object({
      timestamp: z.iso.datetime({ offset: true }),
      rawMessage: z.string().max(2_000).nullish(),
      temperature: figure(":degC"),
      precipitationLastHour: figure(":mm"),
    }),
  })
  .transform(({ properties }): Reading => {
    const { timestamp, rawMessage, temperature, precipitationLastHour } = properties;
    // AO2 tells rain from none; PNO: its gauge is out of order (Federal Meteorological Handbook 1, 12.7.2).
    const gauge = rawMessage?.includes(" AO2") && !rawMessage.includes(" PNO");
    const precipitation = precipitationLastHour ?? (gauge ? 0 : undefined);
    return { time: Date.parse(timestamp), temperature, precipitation };
  });

export const readings = z
  .object({ features: z.array(feature).max(mostReadings) })
  .transform(({ features }) => features);
