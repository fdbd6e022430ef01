import { constants } from "node:os";

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** A stop signal came before the work had started. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** Listener that SIGHUP calls instead of stopping the process. */
let hungUp: (() => void) | undefined;

/**
 * From now on SIGHUP calls the listener, as it makes daemons read their files again. In a terminal it still stops the process,
 * because there it means that the terminal was closed.
 */
export function onHangup(listener: () => void): void {
  if (!process.stdout.isTTY) hungUp = listener;
}

/**
 * Aborts when the process is asked to stop: by SIGTERM, by SIGINT (Ctrl-C), or by SIGHUP (its terminal closed).
 * A second signal ends the process at once, with the exit code 128 + signal.
 */
export function stopRequested(): AbortSignal {
  const stop = new AbortController();
  for (const signal of signals) {
    process.on(signal, () => {
      if (signal === "SIGHUP" && hungUp) return hungUp();
      if (stop.signal.aborted) process.exit(128 + constants.signals[signal]);
      stop.abort(new Stopped(`asked to stop by ${signal}`));
    });
  }
  return stop.signal;
}
