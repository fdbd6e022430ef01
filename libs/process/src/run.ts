import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { AccessRefusedError, type Broker, type BrokerOptions } from "@weather/queue-binding";
import type * as z from "zod";
import { BadSettings } from "./bad-settings.ts";
import { Clusters, type ClustersOptions } from "./clusters.ts";
import { connectTo, nameOf } from "./connect.ts";
import { exitCode } from "./exit-code.ts";
import { Health, type Probes } from "./health.ts";
import { logFrom, type Logger } from "./log.ts";
import type { BrokerState } from "./metrics.ts";
import { settingsFrom, type Environment, type ProcessSettings } from "./settings.ts";
import { Stopped, stopRequested } from "./stop.ts";

interface Program<Settings extends ProcessSettings> {
  /** Name of the program, such as `ohio-server`. */
  app: string;
  /** {@link processSettings}, extended with those of this program. */
  settings: z.ZodType<Settings>;
  /** `process.env` */
  environment: Environment;
  /** Fields of every log line and labels of every metric, such as `{ state: "ohio" }`. */
  labels?: Readonly<Record<string, string>>;
  /** Whether probes and metrics are at `HEALTH_PORT`, or on the program's own server. @default "port" */
  probes?: "port" | "own";
  /** Starts the work, and resolves once it has started. */
  start: (running: Running<Settings>) => Promise<Work>;
}

/** The services that `run` gives to a program. */
export interface Running<Settings extends ProcessSettings> {
  /** `app@host:pid` */
  readonly name: string;
  readonly settings: Settings;
  readonly log: Logger;
  /** Nothing if `HEALTH_PORT` is 0. */
  readonly health: Health | undefined;
  /** Connects to the broker, and waits for it if necessary. The connection is drained after the work. */
  readonly connect: (options?: Partial<BrokerOptions>) => Promise<Broker>;
  /** The clusters of these states, without connections yet. They are drained after the work. */
  readonly clusters: (
    states: Pick<ClustersOptions, "states" | "routable">,
    options?: Partial<BrokerOptions>,
  ) => Clusters;
}

/** Work that goes on until the process is asked to stop. */
export interface Work extends Probes {
  /** Stops accepting work, and finishes the rest. @default only the broker connection is drained */
  drain?: () => Promise<void>;
  /** Settles when the work is done. Then the process ends as after a stop signal. @default never */
  finished?: Promise<void>;
}

/**
 * Runs a program until a stop signal: reads its settings, opens log and health endpoint, starts it, and drains it within
 * `STOP_TIMEOUT`. Then the process exits: with 0 after a stop signal, else with a code of sysexits(3).
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
    const brokers: Drained[] = [];
    const watched = <Kind extends Drained & BrokerState>(broker: Kind): Kind => {
      if (brokers.push(broker) === 1) health?.watch(broker);
      return broker;
    };
    // A process may be started before its broker.
    const standard = { name: nameOf(app), patience: Infinity, signal: stop, log };
    const connect = async (options: Partial<BrokerOptions> = {}) =>
      watched(await connectTo(settings, { ...standard, ...options }));
    const clusters: Running<Settings>["clusters"] = (states, options) =>
      watched(
        new Clusters({
          ...states,
          settings,
          log: standard.log,
          connect: (cluster, signal) =>
            connectTo(cluster, { ...standard, ...options, signal: AbortSignal.any([stop, signal]) }),
        }),
      );
    const stopped = new Promise<undefined>((resolve) => {
      if (stop.aborted) resolve(undefined);
      stop.addEventListener("abort", () => resolve(undefined));
    });
    const starting = program.start({ name: nameOf(app), settings, log, health, connect, clusters });
    // A start may hang: the broker may be frozen, or a quorum queue may have no leader.
    const work = await Promise.race([starting, stopped]);
    if (work) {
      health?.serves({
        live: () => work.live?.() ?? true,
        ready: () => !stop.aborted && (work.ready?.() ?? true),
      });
      await Promise.race(work.finished ? [stopped, work.finished] : [stopped]);
      if (stop.aborted) log.info("stopping: no new work is accepted, the rest is finished");
    } else {
      starting.catch(() => {}); // the start fails when its connection is closed
      if (brokers.length === 0) throw stop.reason;
      log.info("stopping before the start was done");
    }
    await finish(app, settings.STOP_TIMEOUT, work, brokers, log);
    process.exit(exitCode.ok);
  } catch (error) {
    end(error, log ?? (await logFrom({ ...logs, level: "info" })));
  }
}

type Drained = Pick<Broker, "drain">;

async function healthFor<Settings extends ProcessSettings>(
  { probes, labels }: Program<Settings>,
  settings: Settings,
): Promise<Health | undefined> {
  if (probes === "own") return Health.silent(labels);
  return settings.HEALTH_PORT ? Health.open(settings, labels) : undefined;
}

/** Drains the work, then its connections, and logs whether they finished in time. */
async function finish(app: string, timeout: number, work: Work | undefined, brokers: Drained[], log: Logger) {
  const until = performance.now() + timeout;
  const drained = (async () => {
    await work?.drain?.();
    await Promise.all(brokers.map((broker) => broker.drain(Math.max(0, until - performance.now()))));
    return true;
  })();
  if (await Promise.race([drained, pause(timeout, false)])) log.info(`${app} finished`);
  else log.warn(`${app} did not finish within ${timeout / 1_000} s and ends`);
}

/** Logs why the process ends, and ends it. */
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
