import type { AskOptions, Broker } from "@weather/queue-binding";
import { ohio } from "../farm.ts";

/** Counts of requests by result. Each request that was sent is in one of the other counts, or lost. */
export interface Account {
  sent: number;
  answered: number;
  refused: number;
  /** By the name of the error. */
  failed: Record<string, number>;
  /** Promises that were never settled. */
  lost: number;
  /** Longest time between two answers, in milliseconds; 0 where there were less than two. */
  pause: number;
}

export interface LoadOptions {
  /** Requests per second. */
  rate: number;
  /** Milliseconds for each. */
  deadline: number;
}

/** A steady stream of different requests to Ohio, with the counts of their results. */
export class Load {
  readonly #client: Broker;
  readonly #account: Account = { sent: 0, answered: 0, refused: 0, failed: {}, lost: 0, pause: 0 };
  readonly #open = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #lastAnswer = performance.now();

  constructor(client: Broker) {
    this.#client = client;
  }

  start({ rate, deadline }: LoadOptions): void {
    const began = performance.now();
    this.#lastAnswer = began;
    let due = 0;
    // A late timer sends the missing requests.
    this.#timer = setInterval(() => {
      for (; due < ((performance.now() - began) / 1_000) * rate; due += 1) this.ask({ deadline });
    }, 10);
  }

  /** Sends requests at once, one if no count is given. */
  ask({ count = 1, ...options }: AskOptions & { count?: number }): void {
    for (let number = 0; number < count; number += 1) this.#ask(this.#account.sent + 1, options);
  }

  /** Sends a request with a seed that breaks the servers' model. */
  poison(seed: number, options: AskOptions): void {
    this.#ask(seed, options);
  }

  get answered(): number {
    return this.#account.answered;
  }

  get refused(): number {
    return this.#account.refused;
  }

  #ask(seed: number, options: AskOptions): void {
    this.#account.sent += 1;
    const asked = this.#client.ask(ohio, { seed, days: 2 }, options).then(
      (reply) => {
        // A reply to another request would be a grave fault.
        if (reply.outcome === "forecast" && "seed" in reply.model && reply.model.seed === seed) {
          this.#answered();
        } else if (reply.outcome === "refused") this.#account.refused += 1;
        else this.#fail("a reply to another request");
      },
      (error: unknown) => this.#fail((error as Error).name),
    );
    this.#open.add(asked);
    void asked.finally(() => this.#open.delete(asked));
  }

  /** Sends no more, and waits for what is open: all of it, as long as its deadlines are kept. */
  async stop(patience = 40_000): Promise<Account> {
    clearInterval(this.#timer);
    const late = new Promise<void>((resolve) => setTimeout(resolve, patience).unref());
    await Promise.race([Promise.all(this.#open), late]);
    this.#account.lost = this.#open.size;
    return this.#account;
  }

  #answered(): void {
    const now = performance.now();
    this.#account.pause = Math.max(this.#account.pause, now - this.#lastAnswer);
    this.#lastAnswer = now;
    this.#account.answered += 1;
  }

  #fail(name: string): void {
    this.#account.failed[name] = (this.#account.failed[name] ?? 0) + 1;
  }
}
