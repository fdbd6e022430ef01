import { Deadlines } from "./deadlines.ts";

interface Work {
  readonly controller: AbortController;
  readonly fail: (error: Error) => void;
}

/** Lets each piece of work take so long and no longer. */
export class Budget {
  readonly #milliseconds: number;
  readonly #deadlines = new Deadlines<Work>(({ controller, fail }) => {
    const error = new Error(`it was not done within ${this.#milliseconds / 1_000} s`);
    controller.abort(error);
    fail(error);
  });

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** @throws whatever the work throws, or an error when its time is over: then its signal aborts, too */
  spend<Result>(begin: (signal: AbortSignal) => Result | Promise<Result>): Result | Promise<Result> {
    const controller = new AbortController();
    const result = begin(controller.signal);
    if (!(result instanceof Promise)) return result;
    return new Promise<Result>((resolve, reject) => {
      const work = { controller, fail: reject };
      const bucket = this.#deadlines.add(work, performance.now() + this.#milliseconds);
      result.then(resolve, reject).finally(() => this.#deadlines.delete(work, bucket));
    });
  }
}
