import { hostname } from "node:os";
import {
  dateIn,
  farmOf,
  observations,
  statusFrom,
  type FarmRequest,
  type ReadRequest,
  type StateName,
} from "@weather/contracts";
import { forecaster, type Forecaster } from "@weather/forecast-model";
import { BadSettings, run, type Environment, type Logger, type Running, type Work } from "@weather/process";
import type { Broker, Refusal } from "@weather/queue-binding";
import { refuse, type Answering, type Live } from "./answering.ts";
import { ObservedWeather } from "./observed-weather.ts";
import { processRequest } from "./process-request.ts";
import { withReplyCache, type Handler } from "./reply-cache.ts";
import { tell } from "./request-log.ts";
import { ServerStatus } from "./server-status.ts";
import { settingsSchema, type Settings } from "./settings.ts";
import { weatherReply } from "./weather-reply.ts";
import packageJson from "../package.json" with { type: "json" };

interface StateServerOptions {
  state: StateName;
  /** The content of the state's climate.json. */
  climate: unknown;
  /** `process.env` */
  environment: Environment;
}

/**
 * Runs one worker of a state's farm. It connects to the broker, waits for it if necessary, and answers requests until a stop
 * signal. Then it finishes the requests that it holds, and the process ends.
 */
export function runStateServer({ state, climate, environment }: StateServerOptions): Promise<never> {
  return run({
    app: `${state}-server`,
    settings: settingsSchema,
    environment,
    labels: { state },
    start: (running) => start(state, climate, running),
  });
}

async function start(state: StateName, climate: unknown, running: Running<Settings>): Promise<Work> {
  const { name, settings, log, health, connect } = running;
  const forecaster = readClimate(climate);
  const stations = forecaster.stations.map(({ id }) => id);
  log.info({ stations, model: settings.FORECAST_MODEL }, `${state}-server starts`);
  const live = await liveFrom(settings, log);

  // Loaded only if it is used, so that a process starts quickly.
  const metrics = health && new (await import("./metrics.ts")).RequestMetrics(health.metrics);
  const broker = await connect();
  const observed =
    settings.FORECAST_MODEL === "climate" ? undefined : await listen(broker, state, forecaster, log);
  const answering: Answering = { state, server: name, forecaster, observed, live };
  const status = new ServerStatus({
    ...{ state, app: `${state}-server`, server: name, host: hostname(), pid: process.pid },
    ...{ version: packageJson.version, model: settings.FORECAST_MODEL },
  });
  const refuseFor = ({ reason, message, issues }: Refusal) => refuse(answering, reason, message, issues);
  let lastTurn = performance.now();
  const server = await broker.answer(farmOf(state), handlerFor(answering, settings), {
    concurrency: settings.CONCURRENCY,
    prefetch: settings.PREFETCH,
    requestTimeout: settings.REQUEST_TIMEOUT,
    idleTimeout: settings.IDLE_TIMEOUT,
    refuse: refuseFor,
    onSettled: (settled) => {
      lastTurn = performance.now();
      metrics?.count(settled);
      status.count(settled);
      tell(log, settled);
    },
    onReturned: () => metrics?.returned(),
    onEmpty: () => {
      lastTurn = performance.now();
      log.debug({ idle: settings.IDLE_TIMEOUT }, "no request came, waiting on");
    },
  });
  broker.respond(statusFrom(state), () => status.report(server, observed?.newest), { refuse: refuseFor });
  metrics?.watch(server);
  if (observed) metrics?.observe(observed);
  log.info({ startedIn: Math.round(performance.now()) }, `${state}-server answers`);

  // The event loops turn even without requests. A process that is blocked does not answer a probe.
  const longestTurn = 2 * settings.IDLE_TIMEOUT + settings.REQUEST_TIMEOUT;
  return {
    live: () => performance.now() - lastTurn < longestTurn,
    ready: () => server.listening,
  };
}

/** Age of the oldest observations that are read at the start, in milliseconds: ten days, and two for late corrections. */
const past = 12 * 24 * 3_600_000;
/** Longest wait for the observations, in milliseconds. Until they come, the server answers from the climate. */
const patience = 5_000;

/** Reads recent observations, and follows new ones. */
async function listen(
  broker: Broker,
  state: StateName,
  forecaster: Forecaster,
  log: Logger,
): Promise<ObservedWeather> {
  const observed = new ObservedWeather(state, forecaster, log);
  const reader = broker.follow(observations, {
    since: past,
    take: (observation, { routingKey }) => observed.take(observation, routingKey),
    malformed: (error, { routingKey }) => observed.malformed(error.message, routingKey),
  });
  const read = await reader.caughtUp(patience);
  observed.caughtUp();
  if (read) log.info(observed.summary, "observations are read");
  else
    log.warn(
      observed.summary,
      "observations could not be read yet: forecasts start from the climate until they are",
    );
  return observed;
}

/**
 * Makes the handler, with a reply cache. The model is deterministic: the same request has the same reply until a new observation
 * comes. Requests for places with the same nearest station share a reply.
 */
function handlerFor(answering: Answering, { FORECAST_CACHE: entries }: Settings) {
  const handler: Handler = (request) => weatherReply(request, answering);
  const name = (request: ReadRequest) =>
    JSON.stringify({
      station: answering.forecaster.stations[0]?.id,
      ...request,
      start: request.start ?? dateIn(answering.state, new Date()),
      observations: answering.observed?.version,
    });
  const weather = entries === 0 ? handler : withReplyCache(handler, { entries, name });
  return (request: FarmRequest) => processRequest(request, answering, weather);
}

function readClimate(climate: unknown) {
  try {
    return forecaster(climate);
  } catch (error) {
    throw new BadSettings(`climate.json: ${(error as Error).message}`);
  }
}

async function liveFrom(settings: Settings, log: Logger): Promise<Live | undefined> {
  const { FORECAST_MODEL, FORECAST_FALLBACK, NWS_URL, NWS_CONTACT = "", NWS_DEADLINE } = settings;
  const auto = FORECAST_MODEL === "auto";
  if (FORECAST_MODEL !== "nws" && !(auto && NWS_CONTACT !== "")) return undefined;
  // Loaded only if it is used, because its HTTP client slows a start down.
  const { NationalWeatherService } = await import("./nws/national-weather-service.ts");
  const source = new NationalWeatherService({
    url: NWS_URL,
    contact: NWS_CONTACT,
    deadline: NWS_DEADLINE,
    log,
  });
  return { source, fallback: FORECAST_FALLBACK, unlessObserved: auto };
}
