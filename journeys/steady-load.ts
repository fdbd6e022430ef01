import { setTimeout as pause } from "node:timers/promises";
import type { Broker } from "@weather/queue-binding";
import { ohio } from "./farm.ts";

/** What became of a load's requests. */
export interface Outcomes {
  asked: number;
  /** How often each outcome came: `forecast`, or the name of an error. */
  counts: Record<string, number>;
  /** Longest time without an answer, in milliseconds. */
  longestPause: number;
  /** Longest time that one request waited for its answer, in milliseconds. */
  slowest: number;
}

/** Asks Ohio at a steady rate, however long the answers take, until told to stop; then waits for the last answer. */
export class SteadyLoad {
  readonly #asked: Promise<void>[] = [];
  readonly #counts: Record<string, number> = {};
  readonly #loop: Promise<void>;
  #going = true;
  #lastAnswer = performance.now();
  #longestPause = 0;
  #slowest = 0;

  /** @param perSecond up to 100 */
  constructor(client: Broker, perSecond: number, deadline: number) {
    this.#loop = this.#run(client, perSecond, deadline);
  }

  async stop(): Promise<Outcomes> {
    this.#going = false;
    await this.#loop;
    await Promise.all(this.#asked);
    return {
      asked: this.#asked.length,
      counts: this.#counts,
      longestPause: Math.round(this.#longestPause),
      slowest: Math.round(this.#slowest),
    };
  }

  async #run(client: Broker, perSecond: number, deadline: number): Promise<void> {
    const began = performance.now();
    while (this.#going) {
      const due = (performance.now() - began) * (perSecond / 1_000);
      while (this.#asked.length < due) this.#asked.push(this.#ask(client, deadline));
      await pause(10);
    }
  }

  async #ask(client: Broker, deadline: number): Promise<void> {
    const began = performance.now();
    const outcome = await client.ask(ohio, {}, { deadline }).then(
      (reply) => {
        const now = performance.now();
        this.#longestPause = Math.max(this.#longestPause, now - this.#lastAnswer);
        this.#slowest = Math.max(this.#slowest, now - began);
        this.#lastAnswer = now;
        return reply.outcome;
      },
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    this.#counts[outcome] = (this.#counts[outcome] ?? 0) + 1;
  }
}
