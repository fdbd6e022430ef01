import { setTimeout as pause } from "node:timers/promises";
import type { Clusters } from "@weather/process/clusters";
import { createLogUpdate } from "log-update";
import type { Terminal } from "./terminal.ts";

interface Looks<Row> {
  readonly look: () => Promise<readonly Row[]>;
  readonly table: (rows: readonly Row[]) => string;
  readonly json: boolean;
  /** Milliseconds between two looks. Nothing for one look. */
  readonly every: number | undefined;
}

/**
 * Shows rows once, or repeatedly until the process is interrupted: in place on a terminal, as JSON lines elsewhere.
 *
 * @returns the rows of the one look
 */
export async function shown<Row extends object>(
  { look, table, json, every }: Looks<Row>,
  clusters: Clusters,
  terminal: Terminal,
): Promise<readonly Row[]> {
  if (every === undefined) {
    const rows = await look();
    if (json) rows.forEach((row) => terminal.json(row));
    else terminal.show(table(rows));
    return rows;
  }
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
