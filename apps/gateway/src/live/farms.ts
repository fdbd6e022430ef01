import { farmReport, stateNames, statusFrom, type FarmReport, type StateName } from "@weather/contracts";
import type { Clusters, Logger } from "@weather/process";
import { AccessRefusedError, BrokerUnreachableError, type QueueCounts } from "@weather/queue-binding";
import type { BrokerFigures } from "./broker-figures.ts";
import type { LiveEvent, LiveState } from "./event.ts";
import { problemFrom } from "../problem.ts";
import { liveState, unknownState } from "./live-state.ts";

/** How long servers may take to report, in milliseconds. Later reports are ignored. */
const deadline = 800;
/** How long a report may be shown again, in milliseconds. */
const validity = 150;
/** A broker that takes longer than this to count a queue is treated as down, in milliseconds. */
const unanswering = 950;

/** Whether a broker that was asked for these counts at that time of `performance.now()` has answered. */
export const hasAnswered = (counts: QueueCounts | undefined, asked: number) =>
  counts !== undefined || performance.now() - asked < unanswering;
/** Pause after a broker has refused the question, in milliseconds, because each refusal closes a channel. */
const rest = 60_000;

/** Reads the state of all farms. */
export class Farms {
  readonly #clusters: Clusters;
  readonly #log: Logger;
  readonly #figures: () => BrokerFigures;
  readonly #asking = new Map<StateName, Promise<FarmReport>>();
  readonly #refused = new Map<StateName, number>();
  #states = stateNames.map(unknownState);
  #lostSince: string | undefined;

  constructor(clusters: Clusters, log: Logger, figures: () => BrokerFigures) {
    this.#clusters = clusters;
    this.#log = log;
    this.#figures = figures;
  }

  /**
   * The report of a state's servers. Callers at the same time get the same report, because a server answers at most a hundred
   * questions a second from all gateways together.
   *
   * @throws {BrokerUnreachableError} if its broker is not connected, or does not answer
   */
  report(state: StateName): Promise<FarmReport> {
    const running = this.#asking.get(state);
    if (running) return running;
    const asking = this.#ask(state).finally(() => {
      setTimeout(() => this.#asking.delete(state), validity).unref();
    });
    this.#asking.set(state, asking);
    return asking;
  }

  async #ask(state: StateName): Promise<FarmReport> {
    const { broker } = this.#clusters.of(state);
    const began = performance.now();
    const conversation = statusFrom(state);
    if (began < (this.#refused.get(state) ?? 0)) {
      return farmReport(state, { counts: await broker.counts(conversation), replies: [] });
    }
    try {
      const survey = await broker.survey(conversation, { kind: "status" }, { deadline });
      if (broker.connected && hasAnswered(survey.counts, began)) return farmReport(state, survey);
      throw new BrokerUnreachableError(`the broker ${broker.address} does not answer`);
    } catch (error) {
      if (!(error instanceof AccessRefusedError)) throw error;
      this.#log.warn(
        { state, reason: error.message },
        "not allowed to ask servers for their reports: only queues are shown",
      );
      this.#refused.set(state, began + rest);
      return farmReport(state, { counts: await broker.counts(conversation), replies: [] });
    }
  }

  /** The state of all farms. A figure that cannot be read now keeps its last value. */
  async look(): Promise<LiveEvent> {
    const figures = this.#figures();
    const errors: Error[] = [];
    this.#states = await Promise.all(
      this.#states.map(async (before): Promise<LiveState> => {
        try {
          return liveState(await this.report(before.state), before, new Date(), figures);
        } catch (error) {
          errors.push(error as Error);
          return { ...before, reachable: false };
        }
      }),
    );
    const at = new Date().toISOString();
    const ok = this.#states.some(({ reachable }) => reachable);
    this.#lostSince = ok ? undefined : (this.#lostSince ?? at);
    const broker = ok
      ? { ok }
      : {
          ok,
          since: this.#lostSince as string,
          message: problemFrom(errors[0])?.message ?? "no broker is connected",
        };
    return { at, broker, deadLetters: figures.deadLetters, states: this.#states };
  }
}
