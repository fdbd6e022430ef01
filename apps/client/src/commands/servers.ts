import type { Command } from "@commander-js/extra-typings";
import {
  farmReport,
  stateNames,
  statesFrom,
  statusFrom,
  type FarmReport,
  type StateName,
} from "@weather/contracts";
import type { Clusters } from "@weather/process/clusters";
import { BrokerUnreachableError } from "@weather/queue-binding";
import { serversTable } from "@weather/rendering";
import { exitCode, withWho, worse, type ExitCode } from "../exit-code.ts";
import { everyOption, timeOption } from "../options.ts";
import { clustersOf, type Terminal } from "../terminal.ts";
import { shown } from "../watch.ts";

export function addServers(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  weather
    .command("servers")
    .description("show each server process: its load, its answers, how long requests wait for it")
    .argument("[state...]", "names or postal codes of states (default: all)")
    .option("--json", "one JSON object per state and line")
    .option("--watch", "repeat: in place on a terminal, as JSON lines elsewhere")
    .addOption(everyOption())
    .addOption(timeOption("--deadline <time>", "how long servers may take to report", "1s"))
    .action(async (words, { watch, every, ...options }) => {
      const states = words.length > 0 ? statesFrom(words) : stateNames;
      ended(await servers(states, { ...options, ...(watch && { watch: every }) }, terminal));
    });
}

interface ServersOptions {
  json?: boolean;
  /** Milliseconds for the reports. */
  deadline: number;
  /** Milliseconds between two looks. Nothing for one look. */
  watch?: number;
}

/** Asks every server for its report, and shows the reports. @returns the exit code of one look */
async function servers(
  states: readonly StateName[],
  { json = false, deadline, watch }: ServersOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const clusters = clustersOf(terminal);
  try {
    await clusters.open(states);
    const look = () => Promise.all(states.map((state) => ask(clusters, state, deadline)));
    const table = (farms: readonly FarmReport[]) => serversTable(farms, new Date(), terminal.screen);
    const farms = await shown({ look, table, json, every: watch }, clusters, terminal);
    // If no state was named, states without servers are left out.
    const served = farms.filter(({ servers, reachable = true }) => servers > 0 || !reachable);
    return (states === stateNames && served.length > 0 ? served : farms).map(codeOf).reduce(worse);
  } finally {
    await clusters.drain();
  }
}

/** The exit code for one farm: whether it has servers, and all of them reported. */
const codeOf = ({ servers, silent }: FarmReport): ExitCode =>
  servers === 0 ? exitCode.unavailable : silent > 0 ? exitCode.unanswered : exitCode.ok;

/** @throws {AccessRefusedError} that says who may ask */
async function ask(clusters: Clusters, state: StateName, deadline: number): Promise<FarmReport> {
  const broker = clusters.of(state).connectedBroker;
  const unreachable = { ...farmReport(state, { counts: undefined, replies: [] }), reachable: false };
  if (!broker) return unreachable;
  try {
    return farmReport(state, await broker.survey(statusFrom(state), { kind: "status" }, { deadline }));
  } catch (error) {
    if (error instanceof BrokerUnreachableError) return unreachable;
    throw withWho(error, "The users client and gateway may ask servers for their reports (docs/security.md)");
  }
}
