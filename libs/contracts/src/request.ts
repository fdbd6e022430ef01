import { z } from "zod";
import { expected, only, whole } from "./fields.ts";

export const stationId = z
  .string(expected("a station id such as KCMH"))
  .regex(/^[A-Z][A-Z0-9]{2,4}$/, expected("a station id such as KCMH"))
  .describe("ICAO id of a station, upper case");

export const date = z.iso.date(expected("a date such as 2026-11-23")).describe("A calendar date, YYYY-MM-DD");

/** What may be asked of a state. Every field is optional. */
export const request = only({
  kind: z.literal("forecast", expected('"forecast"')).default("forecast").describe("What is asked for"),
  station: stationId.optional().describe("Where. Default: the state's first station"),
  start: date.optional().describe("First day of the forecast. Default: today in the state's time zone"),
  days: whole(1, 10).default(5).describe("How many days, 1 to 10"),
  members: whole(10, 2000).default(200).describe("Ensemble members to run, 10 to 2000"),
  seed: whole(0, 2 ** 32 - 1)
    .optional()
    .describe("Seed of the random numbers, 0 to 2^32-1. Default: derived from station and start"),
}).describe("A request for a weather forecast");

/** A request as a client writes it: what is left out takes its default. */
export type Request = z.input<typeof request>;
/** A request as a server reads it. */
export type ReadRequest = z.output<typeof request>;
