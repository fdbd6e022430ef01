import { createHistogram } from "node:perf_hooks";

/** Results of a load. */
export interface Answered {
  answered: number;
  /** Requests that were refused, failed, or got the reply to another request. */
  wrong: number;
  perSecond: number;
  /** In milliseconds. */
  p50: number;
  p99: number;
  /** Longest time without an answer, in milliseconds. */
  pause: number;
}

/** Counts answers and takes their times, which are in milliseconds of `performance.now()`. */
export class Tally {
  readonly began = performance.now();
  /** When the last answer came. */
  last = this.began;
  readonly #times = createHistogram();
  #answered = 0;
  #wrong = 0;
  #pause = 0;

  /** Counts answers that came now. @returns now */
  count(answered: number, wrong = 0): number {
    const now = performance.now();
    this.#pause = Math.max(this.#pause, now - this.last);
    this.last = now;
    this.#answered += answered;
    this.#wrong += wrong;
    return now;
  }

  /** @param milliseconds that a question took */
  time(milliseconds: number): void {
    this.#times.record(Math.max(1, Math.round(milliseconds * 1e6)));
  }

  /** @param until the end of the load */
  result(until = performance.now()): Answered {
    return {
      answered: this.#answered,
      wrong: this.#wrong,
      perSecond: this.#answered / ((until - this.began) / 1_000),
      p50: this.#times.percentile(50) / 1e6,
      p99: this.#times.percentile(99) / 1e6,
      pause: this.#pause,
    };
  }
}

/** Runs the loads that the parent process sends, until it disconnects: the child of `LoadProcess`. */
export function obey<Workload>(work: (load: Workload) => Promise<unknown>): void {
  process.on("message", (message) => void work(message as Workload).then((done) => process.send?.(done)));
  process.once("disconnect", () => process.exit());
  process.send?.("ready");
}
