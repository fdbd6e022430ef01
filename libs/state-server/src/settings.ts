import ms, { type StringValue } from "ms";
import { z } from "zod";

/** A setting from the environment that is wrong. The message names each bad variable. */
export class BadSettings extends Error {
  override readonly name = "BadSettings";
}

const got = (what: string) => ({
  error: ({ input }: { input?: unknown }) => `expected ${what}, got ${String(input)}`,
});

function whole(min: number, max: number) {
  const issue = got(`a whole number from ${min} to ${max}`);
  return z.string().regex(/^\d+$/, issue).transform(Number).pipe(z.number().min(min, issue).max(max, issue));
}

/** A time with its unit, such as `500ms`, `60s` or `5m`; in milliseconds once read. */
const duration = z
  .string()
  .regex(/^\d+(\.\d+)?\s?(ms|s|m|h)$/, got("a time with its unit, such as 500ms, 60s or 5m"))
  .transform((text) => ms(text as StringValue));

const settings = z.object({
  AMQP_URL: z
    .string()
    .default("amqp://guest:guest@localhost:5672")
    .describe("Broker URL; several nodes of a cluster are separated by commas"),
  AMQP_PASSWORD_FILE: z
    .string()
    .optional()
    .describe("File that holds the password of the broker URL's user, such as a Docker secret"),
  CONCURRENCY: whole(1, 1024).default(8).describe("Requests worked on at once by one process"),
  PREFETCH: whole(1, 65535)
    .default(64)
    .describe("Messages that the broker may have given to one process and that are not answered"),
  REQUEST_TIMEOUT: duration
    .default(30_000)
    .describe("How long one try of a request may take before it counts as failed; three make a dead letter"),
  IDLE_TIMEOUT: duration
    .default(60_000)
    .describe("How long an event loop waits for a request before it notes that none came"),
  HEALTH_PORT: whole(0, 65535).default(0).describe("Port of /livez, /readyz and /metrics; 0 for none"),
  LOG_LEVEL: z
    .enum(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      got("a pino level such as info or debug"),
    )
    .default("info")
    .describe("What is logged: info tells of life events, debug of every request too"),
  FORECAST_MODEL: z
    .enum(["climate", "nws"], got("climate or nws"))
    .default("climate")
    .describe(
      "Where forecasts come from: climate-ensemble, or the live forecast of the National Weather Service",
    ),
  FORECAST_FALLBACK: z
    .enum(["climate", "none"], got("climate or none"))
    .default("climate")
    .describe("What answers where the live forecast does not reach: climate-ensemble, or a refusal"),
  FORECAST_CACHE: whole(0, 1_000_000)
    .default(1_000)
    .describe("Finished replies that are kept for whoever asks the same; 0 for none"),
  NWS_CONTACT: z
    .string()
    .regex(/^[\x20-\x7e]+$/, got("an address in plain letters, such as me@example.org"))
    .optional()
    .describe("Mail or web address that the National Weather Service may write to; needed for nws"),
  NWS_URL: z
    .url({ protocol: /^https?$/, ...got("a URL such as https://api.weather.gov") })
    .transform((url) => url.replace(/\/+$/, ""))
    .default("https://api.weather.gov")
    .describe("Where the National Weather Service is asked"),
  NWS_DEADLINE: duration
    .default(5_000)
    .describe("How long a request waits for the National Weather Service, shorter than its sender waits"),
});

/** Every setting of a state's server, with its default, as the README lists them. */
export const settingsSchema = settings.refine(
  ({ FORECAST_MODEL, NWS_CONTACT }) => FORECAST_MODEL !== "nws" || NWS_CONTACT !== undefined,
  {
    path: ["NWS_CONTACT"],
    error: "FORECAST_MODEL=nws needs one: the service asks who calls, such as me@example.org",
  },
);

export type Settings = z.output<typeof settingsSchema>;

/**
 * Reads the settings from the environment. Empty variables count as not set, as Docker Compose passes them.
 *
 * @throws {BadSettings}
 */
export function settingsFrom(environment: Readonly<Record<string, string | undefined>>): Settings {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== "");
  const result = settingsSchema.safeParse(Object.fromEntries(set));
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new BadSettings(issues.join("\n"));
}
