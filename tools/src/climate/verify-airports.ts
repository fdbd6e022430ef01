import { readFileSync } from "node:fs";
import { stateNames } from "@weather/contracts";
import { climateSchema, type Climate, type Observation } from "@weather/forecast-model";
import {
  Covariances,
  dateOf,
  dayNumber,
  Deviates,
  Ensemble,
  heardFrom,
  Marginals,
  posterior,
  relevant,
  scoresOf,
  type CorrelationParameters,
} from "@weather/forecast-model/parts";
import { readVerifiedForecasts } from "./nws/verified-forecasts.ts";
import { EnsembleScore } from "./scores.ts";

/** Airports whose observations the file of NWS forecasts has, by the city that it names. */
const airportOf: Record<string, string> = {
  "AKRON_CANTON, OH": "KCAK",
  "CINCINNATI, OH": "KCVG",
  "CLEVELAND, OH": "KCLE",
  "COLUMBUS, OH": "KCMH",
  "DAYTON, OH": "KDAY",
  "TOLEDO, OH": "KTOL",
  "YOUNGSTOWN, OH": "KYNG",
  "NORFOLK, VA": "KORF",
  "RICHMOND, VA": "KRIC",
  "ROANOKE, VA": "KROA",
};

const elements = ["high", "low"] as const;

/** Scores of the shipped climate of airports on days that it was not fitted to. */
export interface AirportScores {
  high: ElementScore;
  low: ElementScore;
}

interface ElementScore {
  score: EnsembleScore;
  /** Mean of all members minus observed, °C. */
  bias: number;
}

export interface AirportReport {
  airports: string[];
  days: number;
  /** Without any observation. */
  climate: AirportScores;
  /** Started from the highs and lows of all airports on the days before. */
  heard: AirportScores;
}

/** The shipped climate of a state. */
export const shippedClimate = (state: string): Climate =>
  climateSchema.parse(
    JSON.parse(
      readFileSync(new URL(`../../../apps/${state}-server/src/climate.json`, import.meta.url), "utf8"),
    ),
  );

/** The shipped climates of all states that have a farm. */
export const shippedClimates = (): Climate[] => stateNames.map(shippedClimate);

/**
 * Forecasts every day of the airports that a file of verified NWS forecasts has observations of, one day ahead.
 * @throws Error when the file has none of a station of the climates.
 */
export function verifyAirports(
  file: string,
  climates: readonly Climate[],
  correlations: CorrelationParameters,
  members: number,
): AirportReport {
  const observations = observationsOf(file);
  const reports = climates.map((climate) => new Climatology(climate, correlations, members, observations));
  const stations = reports.flatMap((report) =>
    report.stations
      .filter((id) => observations.some(({ station }) => station === id))
      .map((id) => ({ report, id })),
  );
  if (stations.length === 0) throw new Error(`${file}: it has observations of no station of the climates`);
  const scored = (given: boolean): AirportScores => {
    const scores = { high: new EnsembleScore(), low: new EnsembleScore() };
    const biases = { high: 0, low: 0 };
    for (const { report, id } of stations) {
      for (const { date, ...observed } of observations.filter(({ station }) => station === id)) {
        const ensemble = report.dayOf(id, dayNumber(date), given);
        for (const element of elements) {
          const value = observed[element];
          if (value === undefined) continue;
          scores[element].add(ensemble[element].slice().sort(), value);
          biases[element] += ensemble[element].reduce((sum, member) => sum + member, 0) / members - value;
        }
      }
    }
    const of = (element: "high" | "low") => ({
      score: scores[element],
      bias: biases[element] / scores[element].count,
    });
    return { high: of("high"), low: of("low") };
  };
  return {
    airports: stations.map(({ id }) => id),
    days: new Set(observations.map(({ date }) => date)).size,
    climate: scored(false),
    heard: scored(true),
  };
}

/** What the file says was observed, °C; its low is that of the night after its date. */
function observationsOf(file: string): Observation[] {
  const days = new Map<string, Observation>();
  for (const { city, date, element, observed } of readVerifiedForecasts(file)) {
    const station = airportOf[city];
    if (!station) continue;
    const day = element === "low" ? dateOf(dayNumber(date) + 1) : date;
    const key = `${station} ${day}`;
    days.set(key, { ...(days.get(key) ?? { station, date: day }), [element]: (observed - 32) / 1.8 });
  }
  return [...days.values()];
}

/** The climate of a state, with what is needed to draw members from it. */
class Climatology {
  readonly stations: readonly string[];
  readonly #covariances: Covariances;
  readonly #marginals: readonly Marginals[];
  readonly #ids: readonly string[];
  readonly #ensemble: Ensemble;
  readonly #deviates = new Deviates(1);
  readonly #byDay: ReadonlyMap<number, Observation[]>;
  readonly #members: number;

  constructor(
    { stations, neighbours }: Climate,
    correlations: CorrelationParameters,
    members: number,
    observations: readonly Observation[],
  ) {
    const everywhere = [...stations, ...neighbours];
    this.stations = stations.map(({ id }) => id);
    this.#ids = everywhere.map(({ id }) => id);
    this.#covariances = new Covariances(correlations, everywhere);
    this.#marginals = everywhere.map((station) => new Marginals(station));
    this.#ensemble = new Ensemble(members);
    this.#members = members;
    const byDay = new Map<number, Observation[]>();
    for (const one of observations) {
      const day = dayNumber(one.date);
      byDay.set(day, [...(byDay.get(day) ?? []), one]);
    }
    this.#byDay = byDay;
  }

  /** The members of a day, one day ahead. @param given Whether the two days before are known. */
  dayOf(id: string, day: number, given: boolean): Ensemble {
    const target = this.#ids.indexOf(id);
    const before = given ? [1, 2].flatMap((shift) => this.#byDay.get(day - shift) ?? []) : [];
    const heard = heardFrom(before, (station) => {
      const place = this.#ids.indexOf(station);
      const marginals = this.#marginals[place];
      return marginals && { place, marginals };
    });
    const known = scoresOf(relevant(heard, this.#covariances, target, day), day);
    this.#ensemble.start(posterior(this.#covariances, target, known, 1), this.#members);
    this.#ensemble.next(this.#marginals[target]!, day, this.#deviates);
    return this.#ensemble;
  }
}
