import { readFileSync } from "node:fs";
import { connect, type Broker, type Log } from "@weather/queue-binding";
import { Usage } from "./exit-code.ts";
import { hostname } from "node:os";
import type { WriteStream } from "node:tty";

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

/** @throws {Usage} if the URL is none, or the password file cannot be read */
export async function connected({ url, passwordFile, stderr }: Terminal): Promise<Broker> {
  const say = (details: object, message: string) => {
    const reason = "reason" in details ? ` (${String(details.reason)})` : "";
    stderr.write(`weather: ${message}${reason}\n`);
  };
  const ignore = () => {};
  const log: Log = { debug: ignore, info: ignore, warn: say, error: say };
  try {
    return await connect(url, {
      name: `weather@${hostname()}:${process.pid}`,
      ...(passwordFile && { password: read(passwordFile) }),
      log,
      maxInFlight: Infinity,
    });
  } catch (error) {
    if (error instanceof TypeError) throw new Usage(`AMQP_URL: ${error.message}`);
    throw error;
  }
}

function read(passwordFile: string): string {
  try {
    return readFileSync(passwordFile, "utf8").trimEnd();
  } catch (error) {
    throw new Usage(`AMQP_PASSWORD_FILE: ${(error as Error).message}`);
  }
}
