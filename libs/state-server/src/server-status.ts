import type { FarmReply, Status } from "@weather/contracts";
import type { RequestServer, Settled } from "@weather/queue-binding";
import { LastMinute } from "./last-minute.ts";

/** The outcome of a request. For an answered request, the outcome of its reply. */
export const nameOfOutcome = ({
  outcome,
  reply,
}: Pick<Settled<FarmReply>, "outcome"> & { reply?: FarmReply | undefined }) =>
  outcome === "answered" && reply ? reply.outcome : outcome;

/** The constant fields of a server's report. */
type Identity = Pick<Status, "state" | "app" | "server" | "host" | "pid" | "version" | "model">;

/** Counts a server's requests, and makes its report. */
export class ServerStatus {
  readonly #identity: Identity;
  readonly #answered: Record<string, number> = {};
  readonly #handler = new LastMinute();
  readonly #wait = new LastMinute();

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  count(settled: Settled<FarmReply>): void {
    const { outcome, milliseconds, wait } = settled;
    const name = nameOfOutcome(settled);
    this.#answered[name] = (this.#answered[name] ?? 0) + 1;
    if (outcome !== "answered") return;
    const now = performance.now();
    this.#handler.add(milliseconds, now);
    if (wait !== undefined) this.#wait.add(wait, now);
  }

  /** Makes the report. @param newestObservation the newest day of which the server has an observation */
  report(
    {
      inFlight,
      waiting,
      clockDifference,
    }: Pick<RequestServer<never, never>, "inFlight" | "waiting" | "clockDifference">,
    newestObservation: string | undefined,
  ): Status {
    const now = performance.now();
    const handler = this.#handler.read(now);
    const lastMinute = { answered: handler.count, handler: handler.times, wait: this.#wait.read(now).times };
    return {
      outcome: "status",
      ...this.#identity,
      uptime: Math.round(process.uptime() * 10) / 10,
      inFlight,
      waiting,
      answered: { ...this.#answered },
      lastMinute,
      ...(clockDifference > 0 && { clocks: clocksDiffer(clockDifference) }),
      ...(newestObservation !== undefined && { newestObservation }),
    };
  }
}

/** A note that clocks differ. A difference of more than a day has no meaning: such a clock does not count from 1970. */
const clocksDiffer = (milliseconds: number) => {
  const much = milliseconds > 86_400_000 ? "more than a day" : `up to ${Math.round(milliseconds / 1_000)} s`;
  return `clocks of callers and servers differ by ${much}: these callers' waits are compared with their fastest request`;
};
