import { setTimeout as pause } from "node:timers/promises";
import { usStateFrom, type WrittenObservation } from "@weather/contracts";
import type { Running } from "@weather/process";
import { Api } from "@weather/state-server/nws";
import type { Settings } from "../settings.ts";
import { dayFrom, localDay, standardOffset, type LocalDay } from "./day.ts";
import { readings } from "./readings.ts";
import { stations } from "./stations.ts";

/** Days before today that are asked for until they are complete. NWS has readings of a week. */
const daysBack = 3;
/** Longest time for one answer, in milliseconds. */
const deadline = 30_000;
/** Pause between two requests, in milliseconds, because NWS is a public service. */
const politePause = 500;

/**
 * Yields observations of the National Weather Service, station by station, in repeated rounds. A past day comes once. Today
 * comes in each round, with its values so far. Without a contact address the service is not asked.
 */
export async function* observeNws({ settings, log }: Running<Settings>, stop: AbortSignal) {
  const { NWS_CONTACT, NWS_URL, OBSERVE_EVERY } = settings;
  if (NWS_CONTACT === undefined) {
    log.warn("NWS_CONTACT is not set: the National Weather Service is not asked, and nothing is observed");
    return void (await wait(undefined, stop));
  }
  const api = new Api(NWS_URL, NWS_CONTACT);
  /** Keys of days that are over and complete. */
  const known = new Set<string>();
  while (!stop.aborted) {
    const round = performance.now();
    for (const [state, station] of Object.entries(stations).flatMap(([state, ids]) =>
      ids.map((id) => [state, id] as const),
    )) {
      if (stop.aborted) return;
      const offset = standardOffset(usStateFrom(state)?.timeZone ?? "UTC");
      for (let before = daysBack; before >= 0; before -= 1) {
        const day = localDay(Date.now(), offset, before);
        const key = `${station} ${day.date}`;
        if (known.has(key) || stop.aborted) continue;
        try {
          const values = dayFrom(await ask(api, NWS_URL, station, day, stop), day, Date.now());
          if (values?.complete) known.add(key);
          const observation: WrittenObservation[] = values ? [{ state, station, ...values }] : [];
          if (observation.length > 0) yield observation;
        } catch (error) {
          if (!stop.aborted)
            log.warn({ station, reason: (error as Error).message }, "a station could not be read");
        }
        await wait(politePause, stop);
      }
    }
    for (const key of known)
      if (key.slice(-10) < localDay(Date.now(), 0, daysBack + 2).date) known.delete(key);
    await wait(Math.max(0, OBSERVE_EVERY - (performance.now() - round)), stop);
  }
}

function ask(api: Api, url: string, station: string, { from, to }: LocalDay, stop: AbortSignal) {
  const iso = (instant: number) => new Date(instant).toISOString().replace(".000", "");
  const until = Math.min(to, Math.floor(Date.now() / 1_000) * 1_000);
  const address = `${url}/stations/${station}/observations?start=${iso(from)}&end=${iso(until)}&limit=500`;
  return api.read(address, readings, AbortSignal.any([stop, AbortSignal.timeout(deadline)]));
}

/** Waits. @param milliseconds without it, until the process is asked to stop */
function wait(milliseconds: number | undefined, stop: AbortSignal): Promise<void> {
  return pause(milliseconds ?? 2 ** 31 - 1, undefined, { signal: stop }).catch(() => {});
}
