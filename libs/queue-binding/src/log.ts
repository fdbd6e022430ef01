/** Where life events are told. A pino logger fits as it is. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const ignore = () => {};
export const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
