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
  const complaint = got(`a whole number from ${min} to ${max}`);
  return z
    .string()
    .regex(/^\d+$/, complaint)
    .transform(Number)
    .pipe(z.number().min(min, complaint).max(max, complaint));
}

/** A time with its unit, such as `500ms`, `60s` or `5m`; in milliseconds once read. */
const duration = z
  .string()
  .regex(/^\d+(\.\d+)?\s?(ms|s|m|h)$/, got("a time with its unit, such as 500ms, 60s or 5m"))
  .transform((text) => ms(text as StringValue));

/** Every setting of a state's server, with its default, as the README lists them. */
export const settingsSchema = z.object({
  AMQP_URL: z
    .string()
    .default("amqp://guest:guest@localhost:5672")
    .describe("Broker URL; several nodes of a cluster are separated by commas"),
  CONCURRENCY: whole(1, 1024).default(8).describe("Requests worked on at once by one process"),
  PREFETCH: whole(1, 65535)
    .default(64)
    .describe("Requests that the broker may have given to one process and that are not answered"),
  IDLE_TIMEOUT: duration
    .default(60_000)
    .describe("How long an event loop waits for a request before it notes that none came"),
  HEALTH_PORT: whole(0, 65535).default(0).describe("Port of /livez and /readyz; 0 for none"),
  LOG_LEVEL: z
    .enum(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      got("a pino level such as info or debug"),
    )
    .default("info")
    .describe("What is logged: info tells of life events, debug of every request too"),
});

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
  const complaints = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new BadSettings(complaints.join("\n"));
}
