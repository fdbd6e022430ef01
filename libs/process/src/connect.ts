import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { connect, type Broker, type BrokerOptions } from "@weather/queue-binding";
import { BadSettings } from "./bad-settings.ts";

export { BadSettings } from "./bad-settings.ts";

export interface BrokerSettings {
  readonly AMQP_URL: string;
  readonly AMQP_PASSWORD_FILE?: string | undefined;
}

/** The name of this process, in the broker's list of connections, in replies and in logs: `app@host:pid`. */
export const nameOf = (app: string) => `${app}@${hostname()}:${process.pid}`;

/**
 * Connects to the broker that the settings name.
 *
 * @throws {BadSettings} if it is not an AMQP URL, or the password file cannot be read
 * @throws {BrokerUnreachableError} if no broker answers within `options.patience`
 * @throws {AccessRefusedError} if the broker refuses the credentials or the virtual host
 */
export async function connectTo(settings: BrokerSettings, options: BrokerOptions): Promise<Broker> {
  const { AMQP_URL, AMQP_PASSWORD_FILE } = settings;
  const password = AMQP_PASSWORD_FILE && contentOf("AMQP_PASSWORD_FILE", AMQP_PASSWORD_FILE);
  try {
    return await connect(AMQP_URL, { ...options, ...(password !== undefined && { password }) });
  } catch (error) {
    if (error instanceof TypeError) throw new BadSettings(`AMQP_URL: ${error.message}`);
    throw error;
  }
}

/** The content of the file that a variable names. @throws {BadSettings} */
export function contentOf(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd();
  } catch (error) {
    throw new BadSettings(`${variable}: ${(error as Error).message}`);
  }
}
