import { forecastFrom, type StateName } from "@weather/contracts";
import type { Broker } from "@weather/queue-binding";

/** How long a farm may take to answer, in milliseconds. */
const deadline = 1_000;
/** Least time between two questions to a farm, in milliseconds. */
const rest = 10_000;

/**
 * Asks each farm for one small forecast, whose `startedFrom` tells the newest observation. The request names the ensemble,
 * because a forecast of the National Weather Service has no `startedFrom`.
 *
 * @returns a function that returns the date, YYYY-MM-DD. It returns nothing if the farm has no observation, did not answer in
 *   time, or may not be asked by this user
 */
export function newestObservations(): (state: StateName, broker: Broker) => Promise<string | undefined> {
  const asked = new Map<StateName, { at: number; newest: Promise<string | undefined> }>();
  return (state, broker) => {
    const now = performance.now();
    const last = asked.get(state);
    if (last && now - last.at < rest) return last.newest;
    const fresh = newestOf(state, broker);
    // Returns the previous date until the farm has answered, so that only the first look waits.
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
    // The table also shows the queues of farms that do not answer.
    return undefined;
  }
}
