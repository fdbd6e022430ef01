import { build, prettyFactory, type PrettyOptions } from "pino-pretty";

const options: PrettyOptions = {
  // In local time, because people look at a clock beside it.
  translateTime: "SYS:HH:MM:ss.l",
  ignore: "pid,hostname,state,app",
  singleLine: true,
};

/** A stream that writes log lines to standard output so that people can read them. */
export const forPeople = () => build({ ...options, sync: true });

const whole = prettyFactory(options);
const brief = prettyFactory({ ...options, hideObject: true });

/** A JSON log line as people read it: details from a warning upwards, else the message. Any other line as it is. */
export function readable(line: string): string {
  const level = /^\{"level":(\d+)/.exec(line)?.[1];
  if (level === undefined) return line;
  return (Number(level) >= 40 ? whole : brief)(line).trimEnd();
}
