import {
  dateIn,
  NewestObservations,
  observationKey,
  verdicts,
  type Observation,
  type StateName,
  type Verdict,
} from "@weather/contracts";
import type { Answers, Forecaster } from "@weather/forecast-model";
import type { Logger } from "@weather/process";
import type { LatestObservations } from "./answering.ts";

/** Outcome of a message of the stream. */
const ends = [...verdicts, "malformed"] as const;
type End = Verdict | "malformed";

/** Least time between two warnings of the same kind, in milliseconds. */
const rest = 60_000;
const dayLength = 86_400_000; // ms

/** Recent observations of stations, and the forecasters that start from them. */
export class ObservedWeather implements LatestObservations {
  readonly #state: StateName;
  readonly #forecaster: Forecaster;
  readonly #log: Logger;
  readonly #newest: NewestObservations;
  #malformed = 0;
  #caughtUp = false;
  readonly #told = new Map<End, number>();
  /** Forecasters, made at their first use after an observation. */
  #made: { version: number; answers: Answers };

  constructor(state: StateName, forecaster: Forecaster, log: Logger) {
    this.#state = state;
    this.#forecaster = forecaster;
    this.#log = log;
    this.#made = { version: 0, answers: forecaster };
    const known = new Set([...forecaster.stations, ...forecaster.neighbours].map(({ id }) => id));
    this.#newest = new NewestObservations({
      knows: (station) => known.has(station),
      today: () => dateIn(state, new Date()),
    });
  }

  get version(): number {
    return this.#newest.version;
  }

  get answers(): Answers {
    if (this.#made.version !== this.version) {
      this.#made = { version: this.version, answers: this.#forecaster.given(this.#newest.all.map(ofUse)) };
    }
    return this.#made.answers;
  }

  /** The newest observed day, YYYY-MM-DD. Nothing if there is no observation. */
  get newest(): string | undefined {
    return this.#newest.newest;
  }

  /** Seconds since the end of that day; NaN if there is no observation. */
  get age(): number {
    const { newest } = this;
    return newest === undefined ? NaN : Math.max(0, (Date.now() - Date.parse(newest) - dayLength) / 1_000);
  }

  /** Notes that the stream's past is read. From now on a newer day is logged at info. */
  caughtUp(): void {
    this.#caughtUp = true;
  }

  /** Log fields of the observations. */
  get summary(): object {
    const { newest, age, version } = this;
    if (newest === undefined) return { newest: "none", observations: version };
    return { newest, ageHours: Math.round(age / 360) / 10, observations: version };
  }

  /** Number of messages, by their outcome. */
  get counts(): readonly (readonly [End, number])[] {
    return ends.map((end) => [end, end === "malformed" ? this.#malformed : this.#newest.count(end)]);
  }

  /** Takes an observation. One that cannot be used is counted and logged, and changes nothing. */
  take(observation: Observation, routingKey: string): void {
    if (routingKey !== observationKey(observation)) {
      return this.malformed(
        `its station is ${observation.station}, but its routing key is ${routingKey}`,
        routingKey,
      );
    }
    const before = this.newest;
    const verdict = this.#newest.take(observation);
    const { station, date } = observation;
    if (verdict === "new" && this.newest !== before)
      this.#log[this.#caughtUp ? "info" : "debug"]({ station, ...this.summary }, "a newer day is observed");
    if (verdict === "future-dated" || verdict === "late" || verdict === "out-of-order")
      this.#tell(verdict, { station, date }, "an observation changes nothing");
  }

  /** Counts and logs a message that is not an observation. */
  malformed(reason: string, routingKey: string): void {
    this.#malformed += 1;
    this.#tell("malformed", { routingKey, reason }, "a message in the stream is not an observation");
  }

  #tell(end: End, details: object, message: string): void {
    const now = performance.now();
    if (now - (this.#told.get(end) ?? -rest) < rest) return;
    this.#told.set(end, now);
    this.#log.warn({ verdict: end, ...details }, message);
  }
}

/** The usable part of an observation. Of a day that is not over, only the low is used: it is that of the past night. */
function ofUse({ station, date, high, low, precipitation, complete }: Observation) {
  return complete ? { station, date, high, low, precipitation } : { station, date, low };
}
