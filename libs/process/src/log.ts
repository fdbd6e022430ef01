import { pino, stdTimeFunctions, type Logger } from "pino";

export type { Logger } from "pino";

export interface LogOptions {
  level: string;
  /** Is in every line. */
  base: Readonly<Record<string, unknown>>;
  /** Lines for people on a terminal, in place of JSON. */
  people: boolean;
}

/** The log of a process, on standard output. */
export async function logFrom({ level, base, people }: LogOptions): Promise<Logger> {
  const options = { level, base, timestamp: stdTimeFunctions.isoTime };
  if (!people) return pino(options);
  // Loaded only where it is wanted, for the sake of a quick start.
  const { forPeople } = await import("./log-for-people.ts");
  return pino(options, forPeople());
}
