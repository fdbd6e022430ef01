import * as z from "zod";
import { expected, only, whole } from "../fields.ts";
import { celsius, date } from "../request.ts";
import { usStates } from "../us-states.ts";
import { isStateName } from "../states.ts";

/** Most rain of 24 hours on record: 1825 mm (WMO, wmo.asu.edu). */
const millimetres = z
  .number(expected("mm of water"))
  .min(0, expected("at least 0 mm"))
  .max(2_000, expected("at most 2000 mm"));

const states: ReadonlySet<string> = new Set(usStates.map(({ key }) => key));

/** The observation of a station on one day, from midnight to midnight in its local standard time. */
export const observation = only({
  state: z
    .string(expected("a state such as ohio"))
    .refine((word) => isStateName(word) || states.has(word), expected("a US state such as ohio"))
    .describe("The US state in which the station lies: lower case, words joined by hyphens"),
  station: z
    .string(expected("a station id such as KCMH"))
    .regex(/^[A-Z][A-Za-z0-9_]{2,40}$/, expected("a station id such as KCMH"))
    .describe("ICAO id, or the name of a USCRN station with underscores: OH_Wooster_3_SSE"),
  date: date.describe("The day, YYYY-MM-DD, from midnight to midnight in local standard time"),
  high: celsius.optional().describe("Highest temperature of the day, °C, -90 to 60"),
  low: celsius.optional().describe("Lowest temperature of the day, °C, -90 to 60, not above the high"),
  precipitation: millimetres.optional().describe("mm of water, 0 to 2000"),
  complete: z
    .boolean(expected("true or false"))
    .default(true)
    .describe("Whether the day was over. If not, the values are those so far"),
  revision: whole(0, 2 ** 32 - 1)
    .default(0)
    .describe(
      "Of two observations of one day, the one with the higher revision counts. A Unix time in seconds will do",
    ),
})
  .refine(({ high, low }) => high === undefined || low === undefined || low <= high, {
    path: ["low"],
    error: "expected no more than the high",
  })
  .refine(({ high, low, precipitation }) => (high ?? low ?? precipitation) !== undefined, {
    error: "expected a high, a low or an amount of precipitation",
  })
  .describe("The observation of a station on one day");

/** An observation as an observer writes it. A field that is left out takes its default. */
export type WrittenObservation = z.input<typeof observation>;
/** An observation as a server reads it. */
export type Observation = z.output<typeof observation>;

/**
 * The stream of observations. They are published to `amq.topic` with the key of {@link observationKey}. The stream keeps those of
 * the last days, so that a server which starts later also reads them.
 */
export const observations = {
  exchange: "amq.topic",
  queue: "weather.observations",
  bindingKey: "observed.#",
  maxAge: "14D",
  maxBytes: 64_000_000,
  message: observation,
} as const;

/**
 * The routing key of an observation: `observed.ohio.KCMH`. It must not end in the name of a state, because one worker would then
 * get the observation as a request, through `#.ohio`. Station ids have capitals, names of states do not.
 */
export const observationKey = ({ state, station }: Pick<Observation, "state" | "station">) =>
  `observed.${state}.${station}`;
