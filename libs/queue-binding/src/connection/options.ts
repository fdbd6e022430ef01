import { checkFunction, checkNumber, checkText, kindOf } from "../checks.ts";
import type { Log } from "../log.ts";

/** How to connect to a broker. */
export interface ConnectionOptions {
  /** The name of the connection in RabbitMQ's lists, at most 1,000 bytes. It should identify this process. */
  name: string;
  /** AMQP heartbeat in seconds. A silent peer counts as lost within three times that. @default 10 */
  heartbeat?: number;
  /**
   * How long to try the first connection, in milliseconds. Each address is tried at least once. A connection that is lost
   * later is tried for ever. @default 0
   */
  patience?: number;
  /** Password of the user. It takes precedence over those in the URLs. */
  password?: string;
  /** Cancels the first connection. */
  signal?: AbortSignal;
  /** @default silent */
  log?: Log;
}

/** @throws {TypeError} or a `RangeError` if an option is missing or not valid */
export function checkConnectionOptions(options: ConnectionOptions): void {
  if (typeof options !== "object" || (options as unknown) === null) {
    throw new TypeError(`the options of connect must be an object with a name, got ${kindOf(options)}`);
  }
  const { name, heartbeat, patience, password, signal, log } = options;
  checkText("name", name, { max: 1_000 });
  if (heartbeat !== undefined) checkNumber("heartbeat", heartbeat, { min: 0, max: 9_999, whole: true });
  if (patience !== undefined) checkNumber("patience", patience, { min: 0 });
  if (password !== undefined) checkText("password", password, { min: 0, max: Infinity });
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError("signal must be an AbortSignal");
  if (log === undefined) return;
  const levels = ["debug", "info", "warn", "error"] as const;
  for (const level of levels) checkFunction(`log.${level}`, (log as Partial<Log> | null)?.[level]);
}
