import type { StateName } from "@weather/contracts";
import { Problem } from "./problem.ts";

/** Counts the questions that wait for each state's farm. A farm that does not answer takes no place from another one. */
export class OpenQuestions {
  readonly #most: number;
  readonly #open = new Map<StateName, number>();

  /** @param most that may wait for one state's farm */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Counts one question of each of these states. A state may come several times.
   *
   * @returns call it once they are answered
   * @throws {Problem} 503 if too many wait already; then none is counted
   */
  begin(states: readonly StateName[]): () => void {
    const more = new Map<StateName, number>();
    for (const state of states) more.set(state, (more.get(state) ?? 0) + 1);
    for (const [state, count] of more) {
      if (this.#of(state) + count > this.#most) throw overloaded(state, this.#of(state));
    }
    for (const [state, count] of more) this.#open.set(state, this.#of(state) + count);
    return () => {
      for (const [state, count] of more) this.#open.set(state, this.#of(state) - count);
    };
  }

  #of(state: StateName): number {
    return this.#open.get(state) ?? 0;
  }
}

const overloaded = (state: StateName, open: number) =>
  new Problem(
    503,
    "Overloaded",
    `${open} requests wait for the farm of ${state} already: this one was not asked`,
    { reason: "overloaded", advice: "Ask again in a moment, or start more servers of this state." },
    1,
  );
