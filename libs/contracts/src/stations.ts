import * as z from "zod";
import { expected, oneOf, only } from "./fields.ts";
import { place, refusal, stationFields, strictReply } from "./reply.ts";
import { request } from "./request.ts";
import { tolerant } from "./tolerant.ts";

/** Schema of a request for a farm's stations. */
export const stationsRequest = z
  .strictObject(
    { kind: z.literal("stations") },
    {
      error: (issue) =>
        issue.code === "unrecognized_keys"
          ? `kind "stations" takes no other field: leave out ${issue.keys.join(", ")}`
          : expected("an object").error(issue),
    },
  )
  .describe("A request for the stations of a farm");

const fittedFrom = only({
  temperature: z.string().describe("Source of the means of high and low: set, years, station id"),
  precipitation: z.string().describe("Source of the monthly amounts: set, years, station id"),
  wetDays: z.string().describe("Source of the number of wet days"),
  daily: z.array(z.string()).describe("Daily series for everything else, each with its first and last date"),
}).describe("Data that its climate was fitted to");

const station = only({
  ...stationFields,
  elevation: z.number().describe("Metres above sea level"),
  timeZone: z.string().describe("IANA time zone, such as America/New_York"),
  borrowed: z
    .string()
    .optional()
    .describe("The state whose climate the station has, because its own state has none yet"),
  fittedFrom,
});

const neighbour = only({
  id: z.string().describe("ICAO id, or the name of a USCRN station with underscores: IN_Bedford_5_WNW"),
  name: z.string(),
  ...place,
});

const stations = only({
  outcome: z.literal("stations"),
  state: z.string(),
  server: z.string().describe("Process that answered: app@host:pid"),
  stations: z.array(station).min(1).describe("The first answers requests that name no place"),
  neighbours: z
    .array(neighbour)
    .optional()
    .describe("Other stations from whose observations its forecasts start"),
}).describe("The stations of a farm");

/** Schema of the reply as a client reads it. It ignores unknown fields. */
export const stationsReply = tolerant(oneOf("outcome", [stations, refusal]));

/** Schema of every request to a farm. */
export const farmRequest = oneOf("kind", [request, stationsRequest]);

/** Schema of every reply of a server, without unknown fields. */
export const strictFarmReply = oneOf("outcome", [...strictReply.options, stations]);

export type Stations = z.output<typeof stations>;
export type StationsReply = z.output<typeof stationsReply>;
export type FarmRequest = z.output<typeof farmRequest>;
export type FarmReply = z.output<typeof strictFarmReply>;
