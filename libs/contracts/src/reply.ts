import { z } from "zod";
import { oneOf, only } from "./fields.ts";
import { date, stationId, threshold } from "./request.ts";
import { tolerant } from "./tolerant.ts";

const celsius = z.number().min(-100).max(70);
const millimetres = z.number().min(0);

/** A value of which only one is known. */
const single = only({ value: celsius.describe("°C") });

/** A value as an ensemble has it. */
const spread = only({
  p10: celsius.describe("10th percentile of the ensemble, °C"),
  p25: celsius.optional().describe("25th percentile, °C; servers before 0.2 do not tell it"),
  p50: celsius.describe("Median of the ensemble, °C"),
  p75: celsius.optional().describe("75th percentile, °C; servers before 0.2 do not tell it"),
  p90: celsius.describe("90th percentile of the ensemble, °C"),
});

const chance = z.number().min(0).max(1);

const precipitation = only({
  chance: chance.describe("Probability of at least 0.254 mm, 0 to 1"),
  mean: millimetres.describe("Mean over all members, mm of water"),
  p90: millimetres.describe("90th percentile over all members, mm of water"),
});

/** A day as an ensemble forecasts it. */
const ensembleDay = only({
  date,
  high: spread.describe("Highest temperature of the day"),
  low: spread.describe("Lowest temperature of the day"),
  precipitation,
  summary: z.string().describe("The day in a few words"),
});

/** A day of which one value each is forecast. What the source does not tell is left out, never invented. */
const singleDay = only({
  date,
  high: single.optional().describe("Highest temperature of the day"),
  low: single.optional().describe("Lowest temperature of the day"),
  precipitation: only({
    chance: chance.optional().describe("Probability of precipitation, 0 to 1"),
    amount: millimetres.optional().describe("mm of water"),
  }),
  summary: z.string().describe("The day in a few words"),
});

const station = only({
  id: stationId,
  name: z.string(),
  latitude: z.number().min(-90).max(90).describe("Degrees north"),
  longitude: z.number().min(-180).max(180).describe("Degrees east"),
});

const ensembleModel = only({
  name: z.literal("climate-ensemble"),
  members: z.int().min(1),
  seed: z.int().min(0),
  borrowed: z
    .string()
    .optional()
    .describe("The state whose climate it is, where the state has none of its own yet: not to be relied on"),
}).describe("What made it: the same model, members and seed give the same days");

const nwsModel = only({
  name: z.literal("nws"),
  updatedAt: z.iso.datetime().describe("When the National Weather Service made it, UTC"),
}).describe("The forecast of the US National Weather Service");

const answer = {
  state: z.string(),
  station,
  issuedAt: z.iso
    .datetime()
    .describe("When this answer was made, UTC; one that was asked for before may be older than its request"),
  server: z.string().describe("Which process answered: app@host:pid"),
};

/** The weather. The model's name tells whether its days are an ensemble's or single values. */
const forecast = only({
  outcome: z.literal("forecast"),
  ...answer,
  model: oneOf("name", [ensembleModel, nwsModel]),
  days: z.union([z.array(ensembleDay).min(1).max(10), z.array(singleDay).min(1).max(10)]),
}).describe("A forecast");

/** How likely it is that a threshold is crossed. */
const risk = only({
  outcome: z.literal("risk"),
  ...answer,
  model: ensembleModel,
  threshold,
  days: z
    .array(only({ date, chance: chance.describe("On this day, 0 to 1") }))
    .min(1)
    .max(10),
  chance: chance.describe("On at least one of the days, 0 to 1"),
}).describe("The probability that a threshold is crossed");

/** Why a request is refused. The list is closed. */
export const reasons = [
  "invalid-request",
  "unsupported-version",
  "unknown-station",
  "overloaded",
  "failed",
] as const;
export type Reason = (typeof reasons)[number];

const refusal = only({
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
 * What a server may reply: one of three shapes, told apart by `outcome`, and no field beyond. A server checks its own
 * replies with it before it sends them.
 */
export const strictReply = oneOf("outcome", [forecast, risk, refusal]);

/** A reply as a client reads it. Fields that it does not know are ignored: a newer server may say more. */
export const reply = tolerant(strictReply);

/** A day with its uncertainty. */
export type EnsembleDay = z.output<typeof ensembleDay>;
/** A day of which one value each is known. */
export type SingleDay = z.output<typeof singleDay>;
export type Forecast = z.output<typeof forecast>;
/** A forecast with its uncertainty. */
export type EnsembleForecast = Forecast & { model: z.output<typeof ensembleModel>; days: EnsembleDay[] };
export type Risk = z.output<typeof risk>;
export type Refusal = z.output<typeof refusal>;
export type Reply = z.output<typeof reply>;

/** Tells a forecast with its uncertainty from one of single values. */
export const isEnsemble = (forecast: Forecast): forecast is EnsembleForecast =>
  forecast.model.name === "climate-ensemble";
