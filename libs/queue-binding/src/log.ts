/** Where life events are told. A pino logger fits as it is. */
export interface Log {
  /** Of every message. */
  debug(details: object, message: string): void;
  /** Of the life of a connection, a queue or a server. */
  info(details: object, message: string): void;
  /** Of what went wrong and mends itself. */
  warn(details: object, message: string): void;
  /** Of what somebody should look at. */
  error(details: object, message: string): void;
}

const ignore = () => {};
export const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
