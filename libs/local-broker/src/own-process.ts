import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";

// setpriv (util-linux) lets the kernel tell a process that its parent died, even by SIGKILL.
const setpriv = spawnSync("setpriv", ["--version"]).status === 0;

/**
 * Starts a process in its own session. Ctrl-C on the terminal then reaches only its parent, which stops it in an orderly way.
 * If the parent is killed, the process gets SIGTERM (if setpriv is installed).
 */
export function ownProcess(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const words = setpriv ? ["setpriv", "--pdeathsig", "TERM", command, ...args] : [command, ...args];
  return spawn(words[0] as string, words.slice(1), { ...options, detached: true });
}

/** Resolves once the process has ended. @returns its exit code, or the name of the signal that ended it */
export async function ended(child: ChildProcess): Promise<number | NodeJS.Signals> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode ?? (child.signalCode as NodeJS.Signals);
}
