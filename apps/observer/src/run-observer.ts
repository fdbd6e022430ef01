import { observationKey, observations, type WrittenObservation } from "@weather/contracts";
import { run, type Environment, type Running, type Work } from "@weather/process";
import { ClosedError, ValidationError, type Broker } from "@weather/queue-binding";
import { sourceFrom, type Source } from "./options.ts";
import { replay } from "./replay.ts";
import { settingsSchema, type Settings } from "./settings.ts";

/**
 * Runs an observer. It publishes the observations of its source to the farms' stream, and the broker confirms each. A second
 * observer does no harm, because servers ignore a repeated observation.
 *
 * @param words arguments of the command line: `--source nws`, or `--source FILE.csv --from DATE --speed 1d/s`
 */
export function runObserver(words: readonly string[], environment: Environment): Promise<never> {
  return run({
    app: "observer",
    settings: settingsSchema,
    environment,
    start: (running) => start(sourceFrom(words), running),
  });
}

async function start(source: Source, running: Running<Settings>): Promise<Work> {
  const { log } = running;
  const broker = await running.connect();
  const stop = new AbortController();
  log.info({ source }, "observer starts");
  let published = 0;
  const work = (async () => {
    for await (const day of await observationsOf(source, running, stop.signal)) {
      published += await publishAll(day, broker, running, stop.signal);
      log.info({ date: day[0]?.date, stations: day.length, published }, "observations published");
    }
    if (!stop.signal.aborted) log.info({ published }, "observer has no more to publish");
  })();
  return {
    finished: work,
    drain: () => {
      stop.abort();
      return work.catch((error: unknown) => log.debug({ error }, "observer stopped"));
    },
  };
}

async function observationsOf(source: Source, running: Running<Settings>, stop: AbortSignal) {
  if (source.kind === "files") return replay(source, stop);
  // Loaded only if it is used, because its HTTP client slows a start down.
  const { observeNws } = await import("./nws/observe-nws.ts");
  return observeNws(running, stop);
}

/** Publishes observations. Those that the contract refuses are logged and left out. @returns how many the broker has confirmed */
async function publishAll(
  all: readonly WrittenObservation[],
  broker: Broker,
  { log }: Running<Settings>,
  stop: AbortSignal,
): Promise<number> {
  const published = await Promise.all(
    all.map(async (observation) => {
      try {
        await broker.publish(observations, observationKey(observation), observation, stop);
        return 1;
      } catch (error) {
        if (stop.aborted || error instanceof ClosedError) return 0;
        if (!(error instanceof ValidationError)) throw error;
        const { station, date } = observation;
        log.warn({ station, date, reason: error.message }, "an impossible observation was not published");
        return 0;
      }
    }),
  );
  return published.reduce<number>((sum, one) => sum + one, 0);
}
