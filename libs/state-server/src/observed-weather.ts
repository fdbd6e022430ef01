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

/** What became of what came through the stream. */
const ends = [...verdicts, "malformed"] as const;
type End = Verdict | "malformed";

/** Milliseconds in which one kind of trouble is told at most once. */
const rest = 60_000;
const dayLength = 86_400_000; // ms

/** What stations observed lately, as one server has heard it, and answers that start from it. */
export class ObservedWeather implements LatestObservations {
  readonly #state: StateName;
  readonly #forecaster: Forecaster;
  readonly #log: Logger;
  readonly #newest: NewestObservations;
  #malformed = 0;
  #caughtUp = false;
  readonly #told = new Map<End, number>();
  /** Made when they are first asked for after an observation. */
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

  /** The newest day of which anything is known, YYYY-MM-DD; nothing if nothing is. */
  get newest(): string | undefined {
    return this.#newest.newest;
  }

  /** Seconds since that day ended; NaN if nothing is known. */
  get age(): number {
    const { newest } = this;
    return newest === undefined ? NaN : Math.max(0, (Date.now() - Date.parse(newest) - dayLength) / 1_000);
  }

  /** The past was read: from now on a newer day is a life event, and logged as one. */
  caughtUp(): void {
    this.#caughtUp = true;
  }

  /** What the log says of the observations that are known. */
  get summary(): object {
    const { newest, age, version } = this;
    if (newest === undefined) return { newest: "none", observations: version };
    return { newest, ageHours: Math.round(age / 360) / 10, observations: version };
  }

  /** How many came, by what became of them. */
  get counts(): readonly (readonly [End, number])[] {
    return ends.map((end) => [end, end === "malformed" ? this.#malformed : this.#newest.count(end)]);
  }

  /** Takes what came by a routing key. What is wrong about it is counted and told, and changes nothing. */
  take(observation: Observation, routingKey: string): void {
    if (routingKey !== observationKey(observation)) {
      return this.malformed(`it is of ${observation.station} and came as ${routingKey}`, routingKey);
    }
    const before = this.newest;
    const verdict = this.#newest.take(observation);
    const { station, date } = observation;
    if (verdict === "new" && this.newest !== before)
      this.#log[this.#caughtUp ? "info" : "debug"]({ station, ...this.summary }, "a newer day is observed");
    if (verdict === "future-dated" || verdict === "late" || verdict === "out-of-order")
      this.#tell(verdict, { station, date }, "an observation changes nothing");
  }

  /** Told of what is no observation. */
  malformed(reason: string, routingKey: string): void {
    this.#malformed += 1;
    this.#tell("malformed", { routingKey, reason }, "what came as an observation is none");
  }

  #tell(end: End, details: object, message: string): void {
    const now = performance.now();
    if (now - (this.#told.get(end) ?? -rest) < rest) return;
    this.#told.set(end, now);
    this.#log.warn({ verdict: end, ...details }, message);
  }
}

/** Of a day that goes on only the low is known: it is that of the night. */
function ofUse({ station, date, high, low, precipitation, complete }: Observation) {
  return complete ? { station, date, high, low, precipitation } : { station, date, low };
}
