import { constants } from "node:os";
import { AccessRefusedError } from "@weather/queue-binding";
import { pino } from "pino";
import { BadSettings } from "./settings.ts";

const signals = ["SIGTERM", "SIGINT"] as const;

/** Resolves when the process is asked to stop (SIGTERM or SIGINT). A second request ends it at once. */
export function stopRequested(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let requests = 0;
    for (const signal of signals) {
      process.on(signal, () => {
        if ((requests += 1) > 1) process.exit(128 + constants.signals[signal]);
        resolve(signal);
      });
    }
  });
}

/** Asked to stop before there was anything to finish. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** Says why the server ends, and ends it: 0 if it was asked to, else a code of sysexits(3). */
export function endWith(error: unknown): never {
  const log = pino();
  if (error instanceof Stopped) {
    log.info(error.message);
    process.exit(0);
  }
  if (error instanceof BadSettings) {
    log.fatal(`bad settings:\n${error.message}`);
    process.exit(78);
  }
  if (error instanceof AccessRefusedError) {
    log.fatal(error.message);
    process.exit(77);
  }
  log.fatal({ err: error }, "the server could not start, or not finish");
  process.exit(70);
}
