const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * While the work runs, the first stop signal aborts the work instead of ending the process. Once the work has ended, the process
 * ends by that signal. A second signal ends the process at once.
 */
export async function interruptible<Result>(work: (stop: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  let came: NodeJS.Signals | undefined;
  const listeners = signals.map((signal) => {
    const listener = () => {
      came = signal;
      stop.abort(new Error(`interrupted by ${signal}`));
      listeners.forEach((remove) => remove());
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  try {
    return await work(stop.signal);
  } finally {
    listeners.forEach((remove) => remove());
    if (came) process.kill(process.pid, came);
  }
}
