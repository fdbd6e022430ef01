import { TimerWheel } from "../timer-wheel.ts";

/** What a piece of work may look at: whether its time is over. */
export class Allowance {
  #controller: AbortController | undefined;
  #over: Error | undefined;

  /** Aborts when the time is over. Made when somebody looks at it: most work is done by then. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#over) this.#controller.abort(this.#over);
    return this.#controller.signal;
  }

  end(error: Error): void {
    this.#over = error;
    this.#controller?.abort(error);
  }
}

interface Work {
  readonly allowance: Allowance;
  readonly fail: (error: Error) => void;
}

/** Lets each piece of work take so long and no longer. */
export class Budget {
  readonly #milliseconds: number;
  readonly #deadlines = new TimerWheel<Work>(({ allowance, fail }) => {
    const error = new Error(`it was not done within ${this.#milliseconds / 1_000} s`);
    allowance.end(error);
    fail(error);
  });

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** @throws whatever the work throws, or an error when its time is over: then its signal aborts, too */
  spend<Result>(begin: (allowance: Allowance) => Result | Promise<Result>): Result | Promise<Result> {
    const allowance = new Allowance();
    const result = begin(allowance);
    // Promises of other kinds, such as some database clients', have their time, too.
    if (typeof (result as PromiseLike<Result> | undefined)?.then !== "function") return result;
    return new Promise<Result>((resolve, reject) => {
      const work = { allowance, fail: reject };
      const bucket = this.#deadlines.add(work, performance.now() + this.#milliseconds);
      Promise.resolve(result)
        .then(resolve, reject)
        .finally(() => this.#deadlines.delete(work, bucket));
    });
  }
}
