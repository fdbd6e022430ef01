import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A process that asks as its parent says. */
export class LoadProcess<Workload, Answered> {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`the client of the benchmark ended with ${code ?? signal}`);
    });
    this.#ended.catch(() => {}); // as it does when it is stopped
  }

  static async start<Workload, Answered>(
    program: string,
    ...words: string[]
  ): Promise<LoadProcess<Workload, Answered>> {
    const child = fork(program, words, { execArgv: [] });
    await once(child, "message");
    return new LoadProcess(child);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Runs a load. @throws if the process ends before the load is done */
  async ask(load: Workload): Promise<Answered> {
    this.#child.send(load as object);
    const [answered] = (await Promise.race([once(this.#child, "message"), this.#ended])) as [Answered];
    return answered;
  }

  stop(): void {
    this.#child.disconnect();
  }
}
