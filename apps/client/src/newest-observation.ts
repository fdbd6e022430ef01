import { forecastFrom, type StateName } from "@weather/contracts";
import type { Broker } from "@weather/queue-binding";

/** How long a farm may take to say what it starts from, in milliseconds. */
const deadline = 1_000;
/** A farm is asked at most once in this time, in milliseconds. */
const rest = 10_000;

/**
 * Learns from one small forecast of each farm what the newest observation is that it starts from. A farm whose forecasts
 * come from the National Weather Service has observations, too: so the request names the ensemble.
 *
 * @returns its date, YYYY-MM-DD; nothing if the farm knows none, did not answer in time, or may not be asked by this user
 */
export function newestObservations(): (state: StateName, broker: Broker) => Promise<string | undefined> {
  const asked = new Map<StateName, { at: number; newest: Promise<string | undefined> }>();
  return (state, broker) => {
    const now = performance.now();
    const last = asked.get(state);
    if (last && now - last.at < rest) return last.newest;
    const fresh = newestOf(state, broker);
    // What was known before is told until the farm has answered: only the first look waits.
    const next = { at: now, newest: last?.newest ?? fresh };
    asked.set(state, next);
    void fresh.then(() => (next.newest = fresh));
    return next.newest;
  };
}

async function newestOf(state: StateName, broker: Broker): Promise<string | undefined> {
  const question = { days: 1, members: 10, model: "ensemble" } as const;
  try {
    const reply = await broker.ask(forecastFrom(state), question, { deadline });
    if (reply.outcome === "refused") return undefined;
    return reply.startedFrom
      ?.map(({ date }) => date)
      .sort()
      .at(-1);
  } catch {
    // The table shows queues, also those of farms that do not answer.
    return undefined;
  }
}
