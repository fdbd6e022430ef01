import { forecastFrom, stateNames } from "@weather/contracts";
import { table } from "./tables.ts";
import { connected, type Terminal } from "./terminal.ts";

/** Shows each state's queue as the broker knows it. */
export async function states({ json }: { json: boolean }, terminal: Terminal): Promise<void> {
  const { stdout, colour } = terminal;
  const broker = await connected(terminal);
  try {
    const farms = await Promise.all(
      stateNames.map(async (state) => {
        const { queue } = forecastFrom(state);
        const counts = await broker.counts({ queue });
        return {
          state,
          queue,
          exists: counts !== undefined,
          waiting: counts?.waiting ?? 0,
          servers: counts?.servers ?? 0,
        };
      }),
    );
    if (json) {
      for (const farm of farms) stdout.write(`${JSON.stringify(farm)}\n`);
      return;
    }
    const rows = farms.map(({ state, queue, exists, waiting, servers }) =>
      exists ? [state, queue, String(waiting), String(servers)] : [state, `${queue} (not there)`, "–", "–"],
    );
    const head: [string, "left" | "right"][] = [
      ["State", "left"],
      ["Queue", "left"],
      ["Waiting", "right"],
      ["Servers", "right"],
    ];
    stdout.write(`${table(head, rows, colour)}\n`);
  } finally {
    await broker.drain();
  }
}
