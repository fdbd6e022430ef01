import { z } from "zod";
import { only } from "./fields.ts";
import { date, stationId } from "./request.ts";

const celsius = z.number().min(-100).max(70);
const millimetres = z.number().min(0);

const spread = only({
  p10: celsius.describe("10th percentile of the ensemble, °C"),
  p50: celsius.describe("Median of the ensemble, °C"),
  p90: celsius.describe("90th percentile of the ensemble, °C"),
});

const day = only({
  date,
  high: spread.describe("Highest temperature of the day"),
  low: spread.describe("Lowest temperature of the day"),
  precipitation: only({
    chance: z.number().min(0).max(1).describe("Probability of at least 0.254 mm, 0 to 1"),
    mean: millimetres.describe("Mean over all members, mm of water"),
    p90: millimetres.describe("90th percentile over all members, mm of water"),
  }),
  summary: z.string().describe("The day in a few words"),
});

export const forecast = only({
  outcome: z.literal("forecast"),
  state: z.string(),
  station: only({
    id: stationId,
    name: z.string(),
    latitude: z.number().min(-90).max(90).describe("Degrees north"),
    longitude: z.number().min(-180).max(180).describe("Degrees east"),
  }),
  issuedAt: z.iso.datetime().describe("When the server made it, UTC"),
  server: z.string().describe("Which process answered: app@host:pid"),
  model: only({
    name: z.string(),
    members: z.int().min(1),
    seed: z.int().min(0),
  }).describe("What made it: the same model, members and seed give the same days"),
  days: z.array(day).min(1).max(10),
}).describe("A forecast");

/** Why a request is refused. The list is closed. */
export const reasons = ["invalid-request", "unknown-station", "overloaded", "failed"] as const;
export type Reason = (typeof reasons)[number];

export const refusal = only({
  outcome: z.literal("refused"),
  state: z.string(),
  server: z.string(),
  reason: z.enum(reasons),
  message: z.string().describe("What is wrong, for people"),
  details: z
    .array(only({ path: z.string().describe("The field, dotted"), message: z.string() }))
    .describe("Each complaint by itself"),
}).describe("A request that was not answered, and why");

/** Every reply is one of two shapes, told apart by `outcome`. */
export const reply = z.discriminatedUnion("outcome", [forecast, refusal]);

export type Day = z.output<typeof day>;
export type Forecast = z.output<typeof forecast>;
export type Refusal = z.output<typeof refusal>;
export type Reply = z.output<typeof reply>;
