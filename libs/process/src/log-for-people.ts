import { build, prettyFactory, type PrettyOptions } from "pino-pretty";

const options: PrettyOptions = {
  // Local time, as people read it from a clock.
  translateTime: "SYS:HH:MM:ss.l",
  ignore: "pid,hostname,state,app",
  singleLine: true,
};

/** A stream that writes log lines to standard output so that people can read them. */
export const forPeople = () => build({ ...options, sync: true });

const whole = prettyFactory(options);
const brief = prettyFactory({ ...options, hideObject: true });

/** Formats a JSON log line for people. Only warnings and errors show details. A line that is not JSON stays as it is. */
export function readable(line: string): string {
  const level = /^\{"level":(\d+)/.exec(line)?.[1];
  if (level === undefined) return line;
  return (Number(level) >= 40 ? whole : brief)(line).trimEnd();
}
