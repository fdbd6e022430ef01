import { duration, expected, processSettings, setting } from "@weather/process";
import * as z from "zod";

/** Every setting of the observer, with its default, as docs/settings.md lists them. */
export const settingsSchema = processSettings.extend({
  NWS_CONTACT: z
    .string()
    .regex(/^[\x20-\x7e]+$/, expected("an address in plain letters, such as me@example.org"))
    .optional()
    .describe("E-mail or web address for the National Weather Service; without one the service is not asked"),
  NWS_URL: z
    .url({ protocol: /^https?$/, ...expected("a URL such as https://api.weather.gov") })
    .transform((url) => url.replace(/\/+$/, ""))
    .default("https://api.weather.gov")
    .describe("Base URL of the National Weather Service's API"),
  OBSERVE_EVERY: setting(duration("1s", "24h"))
    .default(1_800_000)
    .describe("How often each station is asked"),
});

export type Settings = z.output<typeof settingsSchema>;
