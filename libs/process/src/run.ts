import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { AccessRefusedError, type Broker, type BrokerOptions } from "@weather/queue-binding";
import type { z } from "zod";
import { BadSettings } from "./bad-settings.ts";
import { connectTo, nameOf } from "./connect.ts";
import { exitCode } from "./exit-code.ts";
import { Health, type Probes } from "./health.ts";
import { logFrom, type Logger } from "./log.ts";
import { settingsFrom, type Environment, type ProcessSettings } from "./settings.ts";
import { Stopped, stopRequested } from "./stop.ts";

export interface Program<Settings extends ProcessSettings> {
  /** What the process is, such as `ohio-server`. */
  app: string;
  /** {@link processSettings}, extended with those of this program. */
  settings: z.ZodType<Settings>;
  /** `process.env` */
  environment: Environment;
  /** In every log line and every metric, such as `{ state: "ohio" }`. */
  labels?: Readonly<Record<string, string>>;
  /** Where the probes and the metrics are: at `HEALTH_PORT`, or on a server of the program's own. @default "port" */
  probes?: "port" | "own";
  /** Begins the work, and resolves once it is begun. */
  start: (running: Running<Settings>) => Promise<Work>;
}

/** What a program finds when it starts. */
export interface Running<Settings extends ProcessSettings> {
  /** `app@host:pid` */
  readonly name: string;
  readonly settings: Settings;
  readonly log: Logger;
  /** Nothing if nobody wants to know (`HEALTH_PORT` is 0). */
  readonly health: Health | undefined;
  /** Connects to the broker, waiting for it if need be. It is drained after the work is. */
  readonly connect: (options?: Partial<BrokerOptions>) => Promise<Broker>;
}

/** Work that goes on until the process is asked to stop. */
export interface Work extends Probes {
  /** Takes nothing new, and finishes what is at hand. @default nothing but the broker is drained */
  drain?: () => Promise<void>;
  /** Settles when there is no more to do; then the process ends as if it had been asked to. @default never */
  finished?: Promise<void>;
}

/**
 * Runs a program until it is asked to stop: reads its settings, opens log and health endpoint, starts it, and drains it
 * within `STOP_TIMEOUT`. The process ends with it: 0 if it was asked to, else a code of sysexits(3).
 */
export async function run<Settings extends ProcessSettings>(program: Program<Settings>): Promise<never> {
  const { app, labels = {} } = program;
  const stop = stopRequested();
  const logs = {
    base: { ...labels, app, hostname: hostname(), pid: process.pid },
    people: process.stdout.isTTY && program.environment["NODE_ENV"] !== "production",
  };
  let log: Logger | undefined;
  try {
    const settings = settingsFrom(program.settings, program.environment);
    log = await logFrom({ ...logs, level: settings.LOG_LEVEL });
    const health = await healthFor(program, settings);
    const brokers: Broker[] = [];
    const connect = async (options: Partial<BrokerOptions> = {}) => {
      const broker = await connectTo(settings, {
        name: nameOf(app),
        // A process may be started before its broker.
        patience: Infinity,
        signal: stop,
        ...(log && { log }),
        ...options,
      });
      if (brokers.push(broker) === 1) health?.watch(broker);
      return broker;
    };
    const stopped = new Promise<undefined>((resolve) => {
      if (stop.aborted) resolve(undefined);
      stop.addEventListener("abort", () => resolve(undefined));
    });
    const starting = program.start({ name: nameOf(app), settings, log, health, connect });
    // A start may wait for ever, for a broker that is frozen or for a queue that has lost its leader.
    const work = await Promise.race([starting, stopped]);
    if (work) {
      health?.serves({
        live: () => work.live?.() ?? true,
        ready: () => !stop.aborted && (work.ready?.() ?? true),
      });
      await Promise.race(work.finished ? [stopped, work.finished] : [stopped]);
      if (stop.aborted) log.info("stopping: nothing new is taken, what is at hand is finished");
    } else {
      starting.catch(() => {}); // it ends with its connection
      if (brokers.length === 0) throw stop.reason;
      log.info("stopping before the start was done");
    }
    await finish(app, settings.STOP_TIMEOUT, work, brokers, log);
    process.exit(exitCode.ok);
  } catch (error) {
    end(error, log ?? (await logFrom({ ...logs, level: "info" })));
  }
}

async function healthFor<Settings extends ProcessSettings>(
  { probes, labels }: Program<Settings>,
  settings: Settings,
): Promise<Health | undefined> {
  if (probes === "own") return Health.silent(labels);
  return settings.HEALTH_PORT ? Health.open(settings, labels) : undefined;
}

/** Drains the work, then its connections, and says whether that was done in time. */
async function finish(app: string, timeout: number, work: Work | undefined, brokers: Broker[], log: Logger) {
  const until = performance.now() + timeout;
  const drained = (async () => {
    await work?.drain?.();
    await Promise.all(brokers.map((broker) => broker.drain(Math.max(0, until - performance.now()))));
    return true;
  })();
  if (await Promise.race([drained, pause(timeout, false)])) log.info(`${app} finished`);
  else log.warn(`${app} did not finish within ${timeout / 1_000} s and ends`);
}

/** Says why the process ends, and ends it. */
function end(error: unknown, log: Logger): never {
  if (error instanceof Stopped) {
    log.info(`${error.message} before there was anything to finish`);
    process.exit(exitCode.ok);
  }
  if (error instanceof BadSettings) {
    log.fatal(`bad settings:\n${error.message}`);
    process.exit(exitCode.config);
  }
  if (error instanceof AccessRefusedError) {
    log.fatal(error.message);
    process.exit(exitCode.noPermission);
  }
  log.fatal({ err: error }, "the process could not start, or not finish");
  process.exit(exitCode.software);
}
