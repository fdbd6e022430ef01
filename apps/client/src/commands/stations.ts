import type { Command } from "@commander-js/extra-typings";
import { stationsOf, statesFrom, type StateName, type StationsReply } from "@weather/contracts";
import type { Broker } from "@weather/queue-binding";
import { stationsTable, type Asked } from "@weather/rendering";
import { forPrograms } from "../ask-all.ts";
import type { ExitCode } from "../exit-code.ts";
import { deadlineOption } from "../options.ts";
import { report } from "../report.ts";
import { clustersOf, type Terminal } from "../terminal.ts";

export function addStations(weather: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  weather
    .command("stations")
    .description(
      "show the stations of one or several states, and the data that their climates were fitted to",
    )
    .argument("<state...>", "names or postal codes of states, such as ohio VA")
    .addOption(deadlineOption())
    .option("--json", "one JSON object per state and line")
    .action(async (words, { json = false, deadline }) => {
      ended(await stations(statesFrom(words), { json, deadline }, terminal));
    });
}

interface StationsOptions {
  json: boolean;
  /** How long each answer may take, in milliseconds. */
  deadline: number;
}

/** Asks states for their stations, and shows them in the order of the states. @returns the exit code */
async function stations(
  states: readonly StateName[],
  { json, deadline }: StationsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const clusters = clustersOf(terminal);
  try {
    await clusters.open(states);
    const asked = await Promise.all(
      states.map((state, index) => ask(clusters.of(state), state, index + 1, deadline)),
    );
    for (const one of asked) {
      if (json) terminal.json(forPrograms(one));
      else if (one.reply?.outcome === "stations") terminal.show(stationsTable(one.reply, terminal.screen));
    }
    return report(asked, { json }, terminal);
  } finally {
    await clusters.drain();
  }
}

async function ask(
  cluster: { readonly broker: Broker },
  state: StateName,
  number: number,
  deadline: number,
): Promise<Asked<StationsReply>> {
  const began = performance.now();
  const ended = () => ({ number, state, milliseconds: Math.round((performance.now() - began) * 10) / 10 });
  try {
    const reply = await cluster.broker.ask(stationsOf(state), { kind: "stations" }, { deadline });
    return { ...ended(), reply };
  } catch (error) {
    return { ...ended(), error: error as Error };
  }
}
