import { calendarDay, dayNumber } from "./calendar.ts";
import type { Covariances } from "./correlations.ts";
import { wetFrom, type Marginals } from "./marginals.ts";
import type { ObservedScore } from "./posterior.ts";

/** What a station observed on a day from midnight to midnight, local standard time. Any of the three may be missing. */
export interface Observation {
  /** Id of a station or of a neighbour. */
  station: string;
  /** YYYY-MM-DD */
  date: string;
  /** °C */
  high?: number | undefined;
  /** °C */
  low?: number | undefined;
  /** mm of water */
  precipitation?: number | undefined;
}

/** A station whose observations are used. */
export interface Listened {
  /** Index among the places of the covariances. */
  place: number;
  marginals: Marginals;
}

/** An observation whose station is known, and its day. */
export interface Heard extends Listened {
  observation: Observation;
  /** Days since 1970-01-01. */
  day: number;
}

/** Observations older than this, in days before the forecast, are ignored. */
const oldest = 10;
/** Number of days of each station that are used. Two days also show the tendency. */
const daysOfEach = 2;
/** Most station-days that a forecast uses. They are those that correlate most with its first day. */
const mostHeard = 40;

/**
 * Extra error variance of the high of a wet day. Rain makes the high colder than its air mass, so it tells less about the next
 * day. If the precipitation is unknown, this is weighted with the share of wet days.
 */
const wetHighError = 0.4;
const perhapsWetHighError = 0.15;

/** By station, the newest day first. Of two observations for one day, the later in the list counts. */
export function heardFrom(
  observations: readonly Observation[],
  listened: (station: string) => Listened | undefined,
): Heard[][] {
  const stations = new Map<string, Map<number, Heard>>();
  for (const observation of observations) {
    const station = listened(observation.station);
    const day = dayNumber(observation.date);
    if (!station || Number.isNaN(day)) continue;
    const days = stations.get(observation.station) ?? new Map<number, Heard>();
    stations.set(observation.station, days.set(day, { ...station, observation, day }));
  }
  return [...stations.values()].map((days) => [...days.values()].sort((a, b) => b.day - a.day));
}

/**
 * The observations that a forecast starts from: of each station the two newest days of the ten before the first day, and the low
 * of the first day, which is known in the morning. Later ones are left out, so that a forecast of a past day does not use its
 * outcome.
 */
export function relevant(
  heard: readonly (readonly Heard[])[],
  covariances: Covariances,
  target: number,
  first: number,
): Heard[] {
  const found = heard.flatMap((days) => {
    const before = days.filter(({ day }) => day < first && day >= first - oldest).slice(0, daysOfEach);
    const morning = days.filter(({ day, observation }) => day === first && known(observation.low));
    return [...morning, ...before];
  });
  if (found.length <= mostHeard) return found;
  const strength = ({ place, day }: Heard) =>
    Math.max(...covariances.between(place, target, first - day).map(Math.abs));
  return found.toSorted((a, b) => strength(b) - strength(a)).slice(0, mostHeard);
}

/** The scores of observations. @param first The first day of the forecast. */
export function scoresOf(heard: readonly Heard[], first: number): ObservedScore[] {
  return heard.flatMap(({ place, marginals, observation, day }) => {
    const { low, high, precipitation } = observation;
    const at = { place, day: day - first };
    const scores: ObservedScore[] = [];
    if (known(low)) scores.push({ ...at, element: 1, value: marginals.low.score(low, day), error: 0 });
    if (day === first) return scores;
    if (known(high)) {
      const error = !known(precipitation) ? perhapsWetHighError : precipitation >= wetFrom ? wetHighError : 0;
      scores.push({ ...at, element: 0, value: marginals.high.score(high, day), error });
    }
    if (known(precipitation))
      scores.push({ ...at, element: 2, ...marginals.precipitation.score(precipitation, calendarDay(day)) });
    return scores;
  });
}

const known = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);
