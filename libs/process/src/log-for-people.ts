import { build, prettyFactory, type PrettyOptions } from "pino-pretty";

const options: PrettyOptions = {
  // In local time, because people look at a clock beside it.
  translateTime: "SYS:HH:MM:ss.l",
  ignore: "pid,hostname,state,app",
  singleLine: true,
};

/** A stream that writes log lines to standard output so that people can read them. */
export const forPeople = () => build({ ...options, sync: true });

const pretty = prettyFactory(options);

/** A JSON log line as people read it; any other line as it is. */
export const readable = (line: string) => (line.startsWith("{") ? pretty(line).trimEnd() : line);
