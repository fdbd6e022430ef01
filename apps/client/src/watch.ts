import { setTimeout as pause } from "node:timers/promises";
import type { Clusters } from "@weather/process/clusters";
import { createLogUpdate } from "log-update";
import type { Terminal } from "./terminal.ts";

interface Watched<Row> {
  readonly look: () => Promise<readonly Row[]>;
  readonly table: (rows: readonly Row[]) => string;
  readonly json: boolean;
  /** Milliseconds between two looks. */
  readonly every: number;
}

/** Shows rows again and again until the process is interrupted: in place on a terminal, as JSON lines elsewhere. */
export async function watched<Row extends object>(
  { look, table, json, every }: Watched<Row>,
  clusters: Clusters,
  terminal: Terminal,
): Promise<never> {
  clusters.follow();
  const { stdout } = terminal.options;
  const inPlace = stdout.isTTY && !json ? createLogUpdate(stdout as NodeJS.WriteStream) : undefined;
  for (;;) {
    const rows = await look();
    if (inPlace) inPlace(table(rows));
    else rows.forEach((row) => terminal.json({ at: new Date().toISOString(), ...row }));
    await pause(every);
  }
}
