import { destination, pino, stdTimeFunctions, type Logger } from "pino";

export type { Logger } from "pino";

interface LogOptions {
  level: string;
  /** Fields of every line. */
  base: Readonly<Record<string, unknown>>;
  /** Writes lines for people instead of JSON. */
  people: boolean;
}

/** The log of a process, on standard output. */
export async function logFrom({ level, base, people }: LogOptions): Promise<Logger> {
  const options = { level, base, timestamp: stdTimeFunctions.isoTime };
  // Written synchronously, because a process that ends would lose buffered lines.
  if (!people) return pino(options, destination({ fd: 1, sync: true }));
  // Loaded only if it is used, so that a process starts quickly.
  const { forPeople } = await import("./log-for-people.ts");
  return pino(options, forPeople());
}
