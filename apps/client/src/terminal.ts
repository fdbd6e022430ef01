import type { WriteStream } from "node:tty";
import { connectTo, nameOf } from "@weather/process/connect";
import type { Broker, Log } from "@weather/queue-binding";

/** Where the command runs: what it reads and writes. */
export interface Terminal {
  /** How this command is called here, as it is printed in help and advice: `npx weather`. */
  command: string;
  /** Broker URL, or several separated by commas. */
  url: string;
  /** File that holds the password of the broker URL's user. */
  passwordFile: string | undefined;
  /** URL of RabbitMQ's management API, with a user who may look. */
  managementUrl: string | undefined;
  /** Answers go here, and nothing else. */
  stdout: Pick<WriteStream, "write" | "isTTY">;
  /** Progress, warnings and errors go here. */
  stderr: Pick<WriteStream, "write" | "isTTY">;
  /** Whether stdout is looked at by a person whose terminal shows colours. */
  colour: boolean;
}

/** Connects to the broker. What happens to the connection is told on stderr. @throws {BadSettings} see {@link connectTo} */
export function connected({ url, passwordFile, stderr }: Terminal): Promise<Broker> {
  const say = (details: object, message: string) => {
    const reason = "reason" in details ? ` (${String(details.reason)})` : "";
    stderr.write(`weather: ${message}${reason}\n`);
  };
  const ignore = () => {};
  const log: Log = { debug: ignore, info: ignore, warn: say, error: say };
  const settings = { AMQP_URL: url, AMQP_PASSWORD_FILE: passwordFile };
  return connectTo(settings, { name: nameOf("weather"), log, maxInFlight: Infinity });
}
