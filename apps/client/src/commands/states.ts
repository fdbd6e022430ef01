import type { Command } from "@commander-js/extra-typings";
import { forecastFrom, stateNames, type StateName } from "@weather/contracts";
import type { Clusters } from "@weather/process/clusters";
import { ManagementError, queueRates, vhostOf, type QueueRates } from "@weather/process/management";
import { farmsTable, type FarmRow } from "@weather/rendering";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { newestObservations } from "../newest-observation.ts";
import { everyOption } from "../options.ts";
import { clustersOf, type Terminal } from "../terminal.ts";
import { shown } from "../watch.ts";

export function addStates(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  weather
    .command("states")
    .description(
      "show each state's queue: how many requests wait, how many servers listen, how new its observations are",
    )
    .option("--json", "one JSON object per line")
    .option("--watch", "repeat: in place on a terminal, as JSON lines elsewhere")
    .addOption(everyOption())
    .action(async ({ json = false, watch, every }) => {
      await states({ json, ...(watch && { watch: every }) }, terminal);
      ended(exitCode.ok);
    });
}

interface StatesOptions {
  json: boolean;
  /** Milliseconds between two looks. Nothing for one look. */
  watch?: number;
}

/** Shows each state's queue, once or repeatedly until the process is interrupted. */
async function states({ json, watch }: StatesOptions, terminal: Terminal): Promise<void> {
  const clusters = clustersOf(terminal);
  try {
    await clusters.open();
    const figures = { rates: ratesOf(terminal), newest: newestObservations() };
    const look = () => Promise.all(stateNames.map((state) => farmOf(state, clusters, figures)));
    const table = (farms: readonly FarmRow[]) => farmsTable(farms, new Date(), terminal.screen);
    await shown({ look, table, json, every: watch }, clusters, terminal);
  } finally {
    await clusters.drain();
  }
}

/** Readers of figures that the queue's counts do not have. */
interface Figures {
  readonly rates: (queue: string) => Promise<QueueRates | undefined>;
  readonly newest: ReturnType<typeof newestObservations>;
}

/** Asks the management API, if there is one. Unknown figures are left out; the reason is printed once. */
function ratesOf(terminal: Terminal): Figures["rates"] {
  const { url, managementUrl } = terminal.options;
  if (managementUrl === undefined) return () => Promise.resolve(undefined);
  const vhost = vhostOf(url);
  const said = new Set<string>();
  return (queue) =>
    queueRates(managementUrl, vhost, queue).catch((error: unknown) => {
      if (!(error instanceof ManagementError)) throw error;
      if (!said.has(error.message)) terminal.say(`MANAGEMENT_URL: ${error.message}`);
      said.add(error.message);
      return undefined;
    });
}

async function farmOf(state: StateName, clusters: Clusters, figures: Figures): Promise<FarmRow> {
  const { queue } = forecastFrom(state);
  const cluster = clusters.of(state);
  const broker = cluster.connectedBroker;
  if (!broker) return { state, queue, reachable: false, exists: false, waiting: 0, servers: 0 };
  const counts = await broker.counts({ queue });
  const { waiting = 0, servers = 0 } = counts ?? {};
  // MANAGEMENT_URL is that of one cluster.
  const rates = counts && cluster === clusters.of() ? await figures.rates(queue) : undefined;
  // This request is sent after the counts were read, so that it is not counted.
  const newestObservation = servers > 0 ? await figures.newest(state, broker) : undefined;
  const farm = {
    ...{ state, queue, reachable: true, exists: counts !== undefined, waiting, servers },
    ...(newestObservation !== undefined && { newestObservation }),
  };
  if (!rates) return farm;
  const { inFlight, perSecond } = rates;
  const oldest = waiting === 0 ? 0 : perSecond > 0 ? waiting / perSecond : undefined;
  return {
    ...farm,
    inFlight,
    perSecond,
    ...(oldest !== undefined && { oldest: Math.round(oldest * 10) / 10 }),
  };
}
