/** Where this library logs. A pino logger can be used as it is. */
export interface Log {
  /** Events of single messages. */
  debug(details: object, message: string): void;
  /** Events of a connection, a queue or a server. */
  info(details: object, message: string): void;
  /** Faults from which the process recovers by itself. */
  warn(details: object, message: string): void;
  /** Faults that somebody should look at. */
  error(details: object, message: string): void;
}

const ignore = () => {};
export const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
