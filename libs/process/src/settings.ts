import * as z from "zod";
import { BadSettings } from "./bad-settings.ts";
import { duration, whole } from "./values.ts";

/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that a function reads. @param read throws a RangeError for an invalid text */
export function setting<Value>(read: (text: string) => Value) {
  return z.string().transform((text, context): Value => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue((error as Error).message);
      return z.NEVER;
    }
  });
}

/** The error of a zod type for a setting: `expected climate or nws, got oracle`. */
export const expected = (what: string) => ({
  error: ({ input }: { input?: unknown }) => `expected ${what}, got ${String(input)}`,
});

/** The settings that every process has. */
export const processSettings = z.object({
  AMQP_URL: z
    .string()
    .default("amqp://guest:guest@localhost:5672")
    .describe("Broker URL; several nodes of a cluster are separated by commas"),
  AMQP_PASSWORD_FILE: z
    .string()
    .optional()
    .describe("File that holds the password of the broker URL's user, such as a Docker secret"),
  HEALTH_PORT: setting(whole(0, 65_535))
    .default(0)
    .describe("Port of /livez, /readyz and /metrics; 0 for none"),
  HEALTH_HOST: z
    .string()
    .optional()
    .describe("Address that HEALTH_PORT listens on, such as 127.0.0.1; every interface if not set"),
  STOP_TIMEOUT: setting(duration("1s", "1h"))
    .default(25_000)
    .describe(
      "How long stopping may take. Then the process ends, and the broker gives unfinished requests to other servers. Keep it below the 30s after which Docker and Kubernetes kill a process",
    ),
  LOG_LEVEL: z
    .enum(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      expected("a pino level such as info or debug"),
    )
    .default("info")
    .describe(
      "Least severe lines of the log: info for events of the process, debug for every request as well",
    ),
});

export type ProcessSettings = z.output<typeof processSettings>;

/**
 * Reads the settings from the environment. Empty variables count as not set, as Docker Compose passes them.
 *
 * @throws {BadSettings}
 */
export function settingsFrom<Settings>(schema: z.ZodType<Settings>, environment: Environment): Settings {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== "");
  const result = schema.safeParse(Object.fromEntries(set));
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new BadSettings(issues.join("\n"));
}
