import { constants } from "node:os";

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** A stop signal came before the work had started. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/**
 * Aborts when the process is asked to stop: by SIGTERM, by SIGINT (Ctrl-C), or by SIGHUP (its terminal closed).
 * A second signal ends the process at once, with the exit code 128 + signal.
 */
export function stopRequested(): AbortSignal {
  const stop = new AbortController();
  for (const signal of signals) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(128 + constants.signals[signal]);
      stop.abort(new Stopped(`asked to stop by ${signal}`));
    });
  }
  return stop.signal;
}
