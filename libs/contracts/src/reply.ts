import * as z from "zod";
import { oneOf, only } from "./fields.ts";
import { date, latitude, longitude, stationId, threshold } from "./request.ts";
import { tolerant } from "./tolerant.ts";

const celsius = z.number().min(-100).max(70);
const millimetres = z.number().min(0);

/** The origin of a figure of a dressed forecast. */
const basis = z
  .enum(["nws", "extrapolated", "climate"])
  .optional()
  .describe(
    "Only under the model nws. nws: the forecast of the National Weather Service, with errors as measured. extrapolated: " +
      "the same more than 48 hours ahead, with errors extrapolated towards the climate. climate: the climate model",
  );

/** Quantiles of a value in an ensemble. */
const spread = only({
  p10: celsius.describe("10th percentile of the ensemble, °C"),
  p25: celsius.optional().describe("25th percentile, °C; servers before 0.2 leave it out"),
  p50: celsius.describe("Median of the ensemble, °C"),
  p75: celsius.optional().describe("75th percentile, °C; servers before 0.2 leave it out"),
  p90: celsius.describe("90th percentile of the ensemble, °C"),
  basis,
});

const chance = z.number().min(0).max(1);

const precipitation = only({
  chance: chance.describe("Probability of at least 0.254 mm, 0 to 1"),
  mean: millimetres.describe("Mean over all members, mm of water"),
  p90: millimetres.describe("90th percentile over all members, mm of water"),
  basis,
});

const day = only({
  date,
  high: spread.describe("Highest temperature of the day"),
  low: spread.describe("Lowest temperature of the day"),
  precipitation,
  summary: z.string().describe("The day in a few words"),
});

export const place = {
  latitude: latitude.describe("Degrees north"),
  longitude: longitude.describe("Degrees east"),
};

/** Schemas of a station's fields. */
export const stationFields = { id: stationId, name: z.string(), ...place };
const station = only(stationFields);

const nearest = only({
  ...place,
  distance: z.number().min(0).describe("Distance to the station along the great circle, km"),
}).describe("The place of the request, if it had one. The nearest station answers");

const members = {
  members: z.int().min(1),
  seed: z.int().min(0),
  borrowed: z
    .string()
    .optional()
    .describe(
      "The state whose climate was used, because this state has none of its own yet. The figures are not reliable",
    ),
};

const ensembleModel = only({
  name: z.literal("climate-ensemble"),
  kind: z
    .enum(["climate", "ensemble"])
    .optional()
    .describe(
      "ensemble: started from observations. climate: started from none. Servers before 0.2 leave it out",
    ),
  ...members,
}).describe("The model. The same model, members and seed give the same days");

const nwsModel = only({
  name: z.literal("nws"),
  updatedAt: z.iso.datetime().describe("When the National Weather Service issued its forecast, UTC"),
  dressed: z
    .literal(true)
    .describe(
      "Members are drawn around the forecast, with the errors of past forecasts. After its last day they follow the climate",
    ),
  ...members,
}).describe(
  "The forecast of the US National Weather Service. The same forecast, members and seed give the same days",
);

const model = oneOf("name", [ensembleModel, nwsModel]);

const startedFrom = only({
  station: z.string().describe("Station that observed it, of this or another state"),
  date,
  high: celsius.optional().describe("°C"),
  low: celsius.optional().describe("°C"),
  precipitation: millimetres.optional().describe("mm of water"),
});

const answer = {
  state: z.string(),
  station,
  nearest: nearest.optional(),
  issuedAt: z.iso
    .datetime()
    .describe("When this reply was computed, UTC. A cached reply is older than its request"),
  server: z.string().describe("Process that answered: app@host:pid"),
  startedFrom: z
    .array(startedFrom)
    .max(60)
    .optional()
    .describe(
      "The observations that it starts from, those of the station itself first. Empty under the model nws",
    ),
};

/** A forecast. The model's name tells its origin. */
const forecast = only({
  outcome: z.literal("forecast"),
  ...answer,
  model,
  days: z.array(day).min(1).max(10),
}).describe("A forecast");

/** How likely it is that a threshold is crossed. */
const risk = only({
  outcome: z.literal("risk"),
  ...answer,
  model,
  threshold,
  days: z
    .array(only({ date, chance: chance.describe("On this day, 0 to 1"), basis }))
    .min(1)
    .max(10),
  chance: chance.describe("On at least one of the days, 0 to 1"),
}).describe("The probability that a threshold is crossed");

/** Reasons of a refusal. The list is closed. */
export const reasons = [
  "invalid-request",
  "unsupported-version",
  "unknown-station",
  "overloaded",
  "failed",
] as const;

export const refusal = only({
  outcome: z.literal("refused"),
  state: z.string(),
  server: z.string(),
  reason: z.enum(reasons),
  message: z.string().describe("What is wrong, for people"),
  details: z
    .array(only({ path: z.string().describe("The field, dotted"), message: z.string() }))
    .describe("Each issue by itself"),
}).describe("A request that was not answered, and why");

/**
 * Schema of a server's reply: one of three shapes with different values of `outcome`, without unknown fields. A server checks its
 * own replies with it before it sends them.
 */
export const strictReply = oneOf("outcome", [forecast, risk, refusal]);

/** Schema of a reply as a client reads it. It ignores unknown fields, because a newer server may send more. */
export const reply = tolerant(strictReply);

export type Day = z.output<typeof day>;
export type Forecast = z.output<typeof forecast>;
export type Risk = z.output<typeof risk>;
export type Refusal = z.output<typeof refusal>;
export type Reply = z.output<typeof reply>;
