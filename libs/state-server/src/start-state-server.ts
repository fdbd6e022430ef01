import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { dateIn, forecastFrom, type ReadRequest, type Reply, type StateName } from "@weather/contracts";
import { forecaster } from "@weather/forecast-model";
import { connect, type Broker, type ReplyCache, type Settled } from "@weather/queue-binding";
import { pino, type Logger } from "pino";
import { refuse, type Live } from "./answering.ts";
import { Health } from "./health.ts";
import { Stopped } from "./process-end.ts";
import { processRequest } from "./process-request.ts";
import { BadSettings, type Settings } from "./settings.ts";

export interface StateServerOptions {
  state: StateName;
  /** The content of the state's climate.json. */
  climate: unknown;
  settings: Settings;
  /** Settles when the process is asked to stop: then a server that still waits for its broker gives up. */
  stop: Promise<unknown>;
}

export interface StateServer {
  /** Stops taking requests, finishes those it holds, and leaves the broker. */
  drain(): Promise<void>;
}

/**
 * Starts one worker of a state's farm: connects to the broker, waiting for it if need be, and answers requests.
 *
 * @throws {BadSettings} if the broker URL or the climate is wrong
 * @throws {AccessRefusedError} if the broker refuses the credentials, or what the server needs to do
 * @throws {Stopped} if it was asked to stop before it was connected
 */
export async function startStateServer(options: StateServerOptions): Promise<StateServer> {
  const { state, settings } = options;
  const log = pino({ level: settings.LOG_LEVEL, base: { state, hostname: hostname(), pid: process.pid } });
  const server = `${state}-server@${hostname()}:${process.pid}`;
  const forecaster = readClimate(options.climate);
  const stations = forecaster.stations.map(({ id }) => id);
  log.info({ stations, model: settings.FORECAST_MODEL }, `${state}-server starts`);
  const answering = { state, server, forecaster, live: await liveFrom(settings, log) };

  const health = settings.HEALTH_PORT ? await Health.open(settings.HEALTH_PORT, options) : undefined;
  const broker = await connected({ ...options, log, server });
  const serving = await broker.answer(forecastFrom(state), (request) => processRequest(request, answering), {
    concurrency: settings.CONCURRENCY,
    prefetch: settings.PREFETCH,
    requestTimeout: settings.REQUEST_TIMEOUT,
    idleTimeout: settings.IDLE_TIMEOUT,
    ...memoryFrom(state, settings),
    refuse: ({ reason, message, issues }) => refuse(answering, reason, message, issues),
    onSettled: (settled) => {
      health?.settled(settled);
      tell(log, settled);
    },
    onEmpty: () => {
      health?.turned();
      log.debug({ idle: settings.IDLE_TIMEOUT }, "no request came, waiting on");
    },
  });
  health?.serves(broker, serving);
  log.info({ startedIn: Math.round(performance.now()) }, `${state}-server answers`);

  return {
    async drain() {
      log.info("stopping: no further requests are taken, those at hand are finished");
      await broker.drain();
      health?.close();
      log.info(`${state}-server finished`);
    },
  };
}

/** The model is pure: the same question has the same answer. A live forecast changes, and is not kept here. */
function memoryFrom(
  state: StateName,
  { FORECAST_CACHE: entries, FORECAST_MODEL }: Settings,
): { replyCache?: ReplyCache<ReadRequest> } {
  if (entries === 0 || FORECAST_MODEL !== "climate") return {};
  const name = (request: ReadRequest) =>
    JSON.stringify({ ...request, start: request.start ?? dateIn(state, new Date()) });
  return { replyCache: { entries, name } };
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
  if (FORECAST_MODEL === "climate") return undefined;
  // Loaded only where it is wanted: its HTTP client would slow down every start.
  const { NationalWeatherService } = await import("./nws/national-weather-service.ts");
  const source = new NationalWeatherService({
    url: NWS_URL,
    contact: NWS_CONTACT,
    deadline: NWS_DEADLINE,
    log,
  });
  return { source, fallback: FORECAST_FALLBACK };
}

async function connected(options: StateServerOptions & { log: Logger; server: string }): Promise<Broker> {
  const { settings, stop, log, server } = options;
  const giveUp = new AbortController();
  void stop.then(() => giveUp.abort(new Stopped("asked to stop before there was a broker")));
  try {
    return await connect(settings.AMQP_URL, {
      name: server,
      ...passwordFrom(settings),
      // A server may be started before its broker.
      patience: Infinity,
      signal: giveUp.signal,
      log,
    });
  } catch (error) {
    if (error instanceof TypeError) throw new BadSettings(`AMQP_URL: ${error.message}`);
    throw error;
  }
}

function passwordFrom({ AMQP_PASSWORD_FILE }: Settings): { password?: string } {
  if (AMQP_PASSWORD_FILE === undefined) return {};
  try {
    return { password: readFileSync(AMQP_PASSWORD_FILE, "utf8").trimEnd() };
  } catch (error) {
    throw new BadSettings(`AMQP_PASSWORD_FILE: ${(error as Error).message}`);
  }
}

/** One line per request. */
function tell(
  log: Logger,
  { id, outcome, routingKey, attempt, milliseconds, reply, error }: Settled<Reply>,
): void {
  if (error === undefined && !log.isLevelEnabled("debug")) return;
  const line = {
    id,
    routingKey,
    attempt,
    outcome,
    ...(reply?.outcome === "refused"
      ? { reason: reply.reason, message: reply.message }
      : reply && { station: reply.station.id }),
    milliseconds: Math.round(milliseconds * 1_000) / 1_000,
  };
  if (error !== undefined) log.warn({ ...line, err: error }, "request failed");
  else log.debug(line, "request");
}
