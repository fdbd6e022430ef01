import { setTimeout as pause } from "node:timers/promises";
import type { WrittenObservation } from "@weather/contracts";
import { readDailyFile } from "./daily-file.ts";
import type { Source } from "./options.ts";

type Files = Extract<Source, { kind: "files" }>;

/** Yields the observations of files day by day: all stations of a day, then those of the next, `interval` milliseconds later. */
export async function* replay({ files, from = "", interval }: Files, stop: AbortSignal) {
  const days = new Map<string, WrittenObservation[]>();
  for (const observation of files.flatMap(readDailyFile)) {
    if (observation.date < from) continue;
    const day = days.get(observation.date) ?? [];
    day.push(observation);
    days.set(observation.date, day);
  }
  let first = true;
  for (const date of [...days.keys()].sort()) {
    if (!first && interval > 0) await pause(interval, undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) return;
    first = false;
    yield days.get(date) ?? [];
  }
}
