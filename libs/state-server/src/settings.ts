import { duration, expected, processSettings, setting, whole } from "@weather/process";
import * as z from "zod";

const settings = processSettings.extend({
  CONCURRENCY: setting(whole(1, 1_024)).default(8).describe("Requests worked on at once by one process"),
  PREFETCH: setting(whole(1, 65_535))
    .default(64)
    .describe("AMQP prefetch: unacknowledged messages that the broker delivers to one process at most"),
  REQUEST_TIMEOUT: setting(duration("100ms", "1h"))
    .default(30_000)
    .describe(
      "How long one try of a request may take before it counts as failed; after three failed tries the request is a dead letter",
    ),
  IDLE_TIMEOUT: setting(duration("100ms", "1h"))
    .default(60_000)
    .describe("How long an event loop waits for a request before it logs that none came"),
  FORECAST_MODEL: z
    .enum(["auto", "climate", "ensemble", "nws"], expected("auto, climate, ensemble or nws"))
    .default("auto")
    .describe(
      "Where forecasts come from: nws (the National Weather Service), ensemble (started from observations, or else climate), climate (no observations but a request's own), or auto: nws with an NWS_CONTACT and while it answers, else ensemble",
    ),
  FORECAST_FALLBACK: z
    .enum(["climate", "none"], expected("climate or none"))
    .default("climate")
    .describe(
      "What answers where there is no live forecast: climate (the ensemble, started from observations if there are any), or none (a refusal)",
    ),
  FORECAST_CACHE: setting(whole(0, 1_000_000))
    .default(1_000)
    .describe("Finished replies that are cached for repeated questions; 0 for none"),
  NWS_CONTACT: z
    .string()
    .regex(/^[\x20-\x7e]+$/, expected("an address in plain letters, such as me@example.org"))
    .optional()
    .describe(
      "E-mail or web address for the National Weather Service; required by nws; auto asks the service only if it is set",
    ),
  NWS_URL: z
    .url({ protocol: /^https?$/, ...expected("a URL such as https://api.weather.gov") })
    .transform((url) => url.replace(/\/+$/, ""))
    .default("https://api.weather.gov")
    .describe("Base URL of the National Weather Service's API"),
  NWS_DEADLINE: setting(duration("100ms", "5m"))
    .default(5_000)
    .describe(
      "How long a request waits for the National Weather Service; keep it below the deadline of the senders",
    ),
});

/** Every setting of a state's server, with its default, as docs/settings.md lists them. */
export const settingsSchema = settings.refine(
  ({ FORECAST_MODEL, NWS_CONTACT }) => FORECAST_MODEL !== "nws" || NWS_CONTACT !== undefined,
  {
    path: ["NWS_CONTACT"],
    error: "FORECAST_MODEL=nws needs one: the service asks who calls, such as me@example.org",
  },
);

export type Settings = z.output<typeof settingsSchema>;
