import { farmReport, stateNames, statusFrom, type FarmReport, type StateName } from "@weather/contracts";
import type { Clusters, Logger } from "@weather/process";
import { AccessRefusedError, BrokerUnreachableError } from "@weather/queue-binding";
import type { LiveEvent, LiveState } from "./event.ts";
import { liveState, unknownState } from "./live-state.ts";

/** How long servers may take to report, in milliseconds. */
const deadline = 800;
/** How long a report may be shown again, in milliseconds. */
const validity = 150;
/** A broker that takes longer to count a queue does not answer, in milliseconds. */
const unanswering = 950;
/** A broker that refuses the question is asked again after this time, in milliseconds: each refusal closes a channel. */
const rest = 60_000;

/** Looks how the farms of all states do. */
export class Farms {
  readonly #clusters: Clusters;
  readonly #log: Logger;
  readonly #deadLetters: () => number | null;
  readonly #asking = new Map<StateName, Promise<FarmReport>>();
  readonly #refused = new Map<StateName, number>();
  #states = stateNames.map(unknownState);
  #lostSince: string | undefined;

  /** @param deadLetters counts those of all states; null if it cannot be known */
  constructor(clusters: Clusters, log: Logger, deadLetters: () => number | null) {
    this.#clusters = clusters;
    this.#log = log;
    this.#deadLetters = deadLetters;
  }

  /**
   * What the servers of a state report. Whoever asks at the same time gets the same report: servers answer a hundred
   * questions a second, from all gateways together.
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
      const answers = survey.counts !== undefined || performance.now() - began < unanswering;
      if (broker.connected && answers) return farmReport(state, survey);
      throw new BrokerUnreachableError(`the broker ${broker.address} does not answer`);
    } catch (error) {
      if (!(error instanceof AccessRefusedError)) throw error;
      this.#log.warn(
        { state, reason: error.message },
        "not allowed to ask servers how they do: queues are shown alone",
      );
      this.#refused.set(state, began + rest);
      return farmReport(state, { counts: await broker.counts(conversation), replies: [] });
    }
  }

  /** How all farms do. What cannot be had now is as it was before. */
  async look(): Promise<LiveEvent> {
    const deadLetters = this.#deadLetters();
    const errors: Error[] = [];
    this.#states = await Promise.all(
      this.#states.map(async (before): Promise<LiveState> => {
        try {
          return liveState(await this.report(before.state), before, new Date(), deadLetters);
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
      : { ok, since: this.#lostSince as string, message: errors[0]?.message ?? "no broker is connected" };
    return { at, broker, deadLetters, states: this.#states };
  }
}
