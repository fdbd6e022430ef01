import { withoutPasswords } from "@weather/queue-binding";
import * as z from "zod";
import { BadSettings } from "./bad-settings.ts";
import { contentOf, type BrokerSettings } from "./connect.ts";

export interface RoutesSettings extends BrokerSettings {
  /** File that says which cluster serves which state. */
  readonly AMQP_ROUTES?: string | undefined;
}

/** Which cluster serves which state. */
export interface Routes {
  /** Content of the file. Empty without a file. */
  readonly text: string;
  /** The cluster of a state. Without an argument, the cluster of states without a route. */
  readonly of: (state?: string) => BrokerSettings;
}

const brokerUrl = z.string().superRefine((url, context) => {
  try {
    withoutPasswords(url);
  } catch (error) {
    context.addIssue((error as Error).message);
  }
});
/** The nodes of one cluster. */
const cluster = z
  .array(brokerUrl, 'Invalid input: expected array of broker URLs such as ["amqp://…"]')
  .min(1, "expected at least one broker URL");

/**
 * Reads the file that `AMQP_ROUTES` names. A state without a route gets the file's `default`, or else `AMQP_URL`. Without a
 * file, every state gets `AMQP_URL`.
 *
 * @param names the states that may have a route
 * @throws {BadSettings} that names the file and the field. It quotes no URL, because URLs contain passwords
 */
export function routesFrom(settings: RoutesSettings, names: readonly string[]): Routes {
  const { AMQP_ROUTES: file, AMQP_URL, AMQP_PASSWORD_FILE } = settings;
  const fallback = { AMQP_URL, AMQP_PASSWORD_FILE };
  if (!file) return { text: "", of: () => fallback };
  const text = contentOf("AMQP_ROUTES", file);
  const known = z.string().refine((name) => names.includes(name));
  const schema = z.strictObject({
    default: cluster.optional(),
    states: z.record(known, cluster).default({}),
  });
  const { data, error } = schema.safeParse(jsonFrom(text, file));
  if (error) {
    const issues = error.issues.map((issue) => {
      const field = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
      return `AMQP_ROUTES: ${file}: ${field}${messageOf(issue)}`;
    });
    throw new BadSettings(issues.join("\n"));
  }
  const settingsOf = (urls: readonly string[]) => ({ AMQP_URL: urls.join() });
  const standard = data.default ? settingsOf(data.default) : fallback;
  const states = new Map(Object.entries(data.states).map(([state, urls]) => [state, settingsOf(urls)]));
  return { text, of: (state = "") => states.get(state) ?? standard };
}

const messageOf = ({ code, message }: z.core.$ZodIssue) =>
  code === "invalid_key" ? "no state is called so: expected a name such as ohio or north-carolina" : message;

function jsonFrom(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of JSON.parse quotes the text, and with it passwords.
    const example = '{"default": ["amqp://…"], "states": {"ohio": ["amqp://…"]}}';
    throw new BadSettings(`AMQP_ROUTES: ${file}: expected JSON such as ${example}`);
  }
}
