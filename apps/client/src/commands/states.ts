import { setTimeout as pause } from "node:timers/promises";
import { Option, type Command } from "@commander-js/extra-typings";
import { forecastFrom, stateNames, type StateName } from "@weather/contracts";
import type { Broker } from "@weather/queue-binding";
import { farmsTable, type FarmRow } from "@weather/rendering";
import { createLogUpdate } from "log-update";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { ManagementError, queueRates, type QueueRates } from "../management.ts";
import { newestObservations } from "../newest-observation.ts";
import { duration } from "../options.ts";
import { connected, type Terminal } from "../terminal.ts";

export function addStates(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  weather
    .command("states")
    .description(
      "show each state's queue: how many requests wait, how many servers listen, how new its observations are",
    )
    .option("--json", "one JSON object per line")
    .option("--watch", "again and again, in place on a terminal, as JSON lines elsewhere")
    .addOption(
      new Option("--every <time>", "how often with --watch").argParser(duration).default(2_000, "2s"),
    )
    .action(async ({ json = false, watch, every }) => {
      await states({ json, ...(watch && { watch: every }) }, terminal);
      ended(exitCode.ok);
    });
}

interface StatesOptions {
  json: boolean;
  /** Milliseconds between two looks; nothing for one look. */
  watch?: number;
}

/** Shows each state's queue, once or again and again until the process is interrupted. */
async function states({ json, watch }: StatesOptions, terminal: Terminal): Promise<void> {
  const broker = await connected(terminal);
  try {
    const rates = ratesOf(terminal);
    const newest = newestObservations(broker);
    const look = () => Promise.all(stateNames.map((state) => farmOf(state, broker, rates, newest)));
    if (watch === undefined) {
      const farms = await look();
      if (json) farms.forEach((farm) => terminal.json(farm));
      else terminal.show(farmsTable(farms, new Date(), terminal.screen));
      return;
    }
    const { stdout } = terminal.options;
    const inPlace = stdout.isTTY && !json ? createLogUpdate(stdout as NodeJS.WriteStream) : undefined;
    for (;;) {
      const farms = await look();
      if (inPlace) inPlace(farmsTable(farms, new Date(), terminal.screen));
      else farms.forEach((farm) => terminal.json({ at: new Date().toISOString(), ...farm }));
      await pause(watch);
    }
  } finally {
    await broker.drain();
  }
}

type RatesOf = (queue: string) => Promise<QueueRates | undefined>;
type NewestOf = (state: StateName) => Promise<string | undefined>;

/** Asks the management API, if there is one. Unknown figures are left out; the reason is printed once. */
function ratesOf(terminal: Terminal): RatesOf {
  const { url, managementUrl } = terminal.options;
  if (managementUrl === undefined) return () => Promise.resolve(undefined);
  const vhost = decodeURIComponent(new URL(url.split(",")[0] ?? "").pathname.slice(1)) || "/";
  const said = new Set<string>();
  return (queue) =>
    queueRates(managementUrl, vhost, queue).catch((error: unknown) => {
      if (!(error instanceof ManagementError)) throw error;
      if (!said.has(error.message)) terminal.say(`MANAGEMENT_URL: ${error.message}`);
      said.add(error.message);
      return undefined;
    });
}

async function farmOf(
  state: StateName,
  broker: Broker,
  ratesOf: RatesOf,
  newestOf: NewestOf,
): Promise<FarmRow> {
  const { queue } = forecastFrom(state);
  const counts = await broker.counts({ queue });
  const { waiting = 0, servers = 0 } = counts ?? {};
  const rates = counts && (await ratesOf(queue));
  // Asked after the counts were read, so that this request is not counted.
  const newestObservation = servers > 0 ? await newestOf(state) : undefined;
  const farm = {
    ...{ state, queue, exists: counts !== undefined, waiting, servers },
    ...(newestObservation !== undefined && { newestObservation }),
  };
  if (!rates) return farm;
  const oldest = waiting === 0 ? 0 : rates.perSecond > 0 ? waiting / rates.perSecond : undefined;
  return { ...farm, ...rates, ...(oldest !== undefined && { oldest: Math.round(oldest * 10) / 10 }) };
}
