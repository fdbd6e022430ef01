import type { Observation } from "./observation.ts";

/** Results of an observation. Only a `new` or a `revised` one changes anything. */
export const verdicts = [
  "new",
  "revised",
  "doubled",
  "out-of-order",
  "late",
  "future-dated",
  "unknown-station",
] as const;
export type Verdict = (typeof verdicts)[number];

interface NewestObservationsOptions {
  /** Whether observations of this station are used. Others are not stored, so that memory is bounded. */
  knows: (station: string) => boolean;
  /** The date of an instant where the station is, YYYY-MM-DD. */
  today: () => string;
}

/** Number of days that are stored for each station, up to its newest one. */
const keptDays = 15;

/**
 * The newest observations of each station. Of two for one day, the one with the higher revision counts, in any order of arrival. A
 * repeated one counts once. No I/O, and no clock of its own.
 */
export class NewestObservations {
  readonly #options: NewestObservationsOptions;
  readonly #stations = new Map<string, Map<string, Observation>>();
  readonly #counts = new Map<Verdict, number>(verdicts.map((verdict) => [verdict, 0]));
  #version = 0;

  constructor(options: NewestObservationsOptions) {
    this.#options = options;
  }

  /** Stores an observation or ignores it. The verdict says which, and why. */
  take(observation: Observation): Verdict {
    const verdict = this.#judge(observation);
    this.#counts.set(verdict, this.count(verdict) + 1);
    if (verdict === "new" || verdict === "revised") this.#keep(observation);
    return verdict;
  }

  /** How many had this verdict so far. */
  count(verdict: Verdict): number {
    return this.#counts.get(verdict) ?? 0;
  }

  /** A number that increases with each observation that changes anything. */
  get version(): number {
    return this.#version;
  }

  /** All stored observations, in no particular order. */
  get all(): Observation[] {
    return [...this.#stations.values()].flatMap((days) => [...days.values()]);
  }

  /** The newest day of all stations, YYYY-MM-DD. Nothing if there is no observation. */
  get newest(): string | undefined {
    const dates = [...this.#stations.values()].map(newestOf);
    return dates.reduce<string | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
  }

  #judge({ station, date, revision }: Observation): Verdict {
    const { knows, today } = this.#options;
    if (!knows(station)) return "unknown-station";
    if (date > today()) return "future-dated";
    const days = this.#stations.get(station);
    if (!days) return "new";
    const known = days.get(date);
    if (known) {
      if (revision > known.revision) return "revised";
      return revision === known.revision ? "doubled" : "out-of-order";
    }
    return date <= daysBefore(newestOf(days), keptDays) ? "late" : "new";
  }

  #keep(observation: Observation): void {
    const { station, date } = observation;
    const days = this.#stations.get(station) ?? new Map<string, Observation>();
    this.#stations.set(station, days.set(date, observation));
    const oldest = daysBefore(newestOf(days), keptDays);
    for (const day of days.keys()) if (day <= oldest) days.delete(day);
    this.#version += 1;
  }
}

const newestOf = (days: ReadonlyMap<string, Observation>) =>
  [...days.keys()].reduce((newest, date) => (date > newest ? date : newest), "");

const dayLength = 86_400_000; // ms

const daysBefore = (date: string, days: number) =>
  new Date(Date.parse(date) - days * dayLength).toISOString().slice(0, 10);
