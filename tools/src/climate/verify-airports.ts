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
import { elements, readVerifiedForecasts } from "./nws/verified-forecasts.ts";
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

/** Scores of the shipped climate of airports on days that it was not fitted to. */
export type AirportScores = Record<"high" | "low", ElementScore>;

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
  const stations = climates.flatMap((climate) => {
    const ensembleOn = climatology(climate, correlations, members, observations);
    return climate.stations
      .map(({ id }) => ({ id, ensembleOn, observed: observations.filter(({ station }) => station === id) }))
      .filter(({ observed }) => observed.length > 0);
  });
  if (stations.length === 0) throw new Error(`${file}: it has observations of no station of the climates`);
  const scored = (given: boolean): AirportScores => {
    const scores: AirportScores = {
      high: { score: new EnsembleScore(), bias: 0 },
      low: { score: new EnsembleScore(), bias: 0 },
    };
    for (const { id, ensembleOn, observed } of stations) {
      for (const one of observed) {
        const ensemble = ensembleOn(id, dayNumber(one.date), given);
        for (const element of elements) {
          const value = one[element];
          if (value === undefined) continue;
          scores[element].score.add(ensemble[element].slice().sort(), value);
          scores[element].bias +=
            ensemble[element].reduce((sum, member) => sum + member, 0) / members - value;
        }
      }
    }
    for (const one of Object.values(scores)) one.bias /= one.score.count;
    return scores;
  };
  return {
    airports: stations.map(({ id }) => id),
    days: new Set(observations.map(({ date }) => date)).size,
    climate: scored(false),
    heard: scored(true),
  };
}

/** The observations of the file, °C. A low is that of the night after its date. */
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

/** Draws the members of a day from the climate of a state, one day ahead. `given`: whether the two days before are known. */
function climatology(
  { stations, neighbours }: Climate,
  correlations: CorrelationParameters,
  members: number,
  observations: readonly Observation[],
): (id: string, day: number, given: boolean) => Ensemble {
  const everywhere = [...stations, ...neighbours];
  const listened = new Map(
    everywhere.map((station, place) => [station.id, { place, marginals: new Marginals(station) }]),
  );
  const covariances = new Covariances(correlations, everywhere);
  const ensemble = new Ensemble(members);
  const deviates = new Deviates(1);
  const byDay = new Map<number, Observation[]>();
  for (const one of observations) {
    const day = dayNumber(one.date);
    byDay.set(day, [...(byDay.get(day) ?? []), one]);
  }
  return (id, day, given) => {
    const { place, marginals } = listened.get(id)!;
    const before = given ? [1, 2].flatMap((shift) => byDay.get(day - shift) ?? []) : [];
    const heard = heardFrom(before, (station) => listened.get(station));
    const known = scoresOf(relevant(heard, covariances, place, day), day);
    ensemble.start(posterior(covariances, place, known, 1), members);
    ensemble.next(marginals, day, deviates);
    return ensemble;
  };
}
