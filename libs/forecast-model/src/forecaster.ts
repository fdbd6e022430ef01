import { dateOf, dayNumber } from "./calendar.ts";
import { climateFrom, type StationClimate } from "./climate.ts";
import { Covariances, correlationsSchema } from "./correlations.ts";
import fitted from "./correlations.json" with { type: "json" };
import { Dressing } from "./dressing/dressing.ts";
import { dressedDays, mostBefore, type Following } from "./dressing/dressed-days.ts";
import type { Basis, DayBasis, PointDay } from "./dressing/point-forecast.ts";
import { Ensemble } from "./ensemble.ts";
import { Marginals } from "./marginals.ts";
import { heardFrom, relevant, scoresOf, type Heard, type Listened, type Observation } from "./observation.ts";
import { outlookOf, type Outlook, type Spread } from "./outlook.ts";
import { continuation, posterior, type Posterior } from "./posterior.ts";
import { Deviates } from "./random.ts";
import { Crossing, type Risk, type Threshold } from "./risk.ts";

export interface Station {
  /** ICAO id, such as KCMH; of a neighbour also a name such as IN_Bedford_5_WNW */
  id: string;
  name: string;
  /** Degrees north */
  latitude: number;
  /** Degrees east */
  longitude: number;
}

/** What was observed on a day: °C, °C and mm of water. */
interface Observed {
  /** YYYY-MM-DD */
  date: string;
  high: number;
  low: number;
  precipitation: number;
}

export interface Question {
  /** Id of a station that the forecaster has. */
  station: string;
  /** First day, YYYY-MM-DD. */
  start: string;
  /** 1 to 10 */
  days: number;
  /** 10 to 2000 */
  members: number;
  /** 0 to 2^32 - 1. Same question, same answer. */
  seed: number;
  /**
   * The weather of the station from which the forecast starts, instead of the observations that are known: of the day
   * before `start`, or up to 10 days before.
   */
  observed?: Observed | undefined;
  /**
   * A better point forecast, such as the National Weather Service's, in order of its dates. Members are drawn around it, and
   * continue from its last day. Observations are then ignored. Default: none.
   */
  point?: readonly PointDay[] | undefined;
}

/** A day of a forecast. With a point forecast, each figure has its origin (`basis`). */
interface Day extends Outlook {
  /** YYYY-MM-DD */
  date: string;
  high: Spread & { basis?: Basis };
  low: Spread & { basis?: Basis };
  precipitation: Outlook["precipitation"] & { basis?: Basis };
}

/** Answers are deterministic: they depend only on the question, the climate and the observations. */
export interface Answers {
  /** @throws UnknownStation; RangeError when a field of the question is out of its range. */
  readonly forecast: (question: Question) => Day[];
  /** How likely it is that a threshold is crossed. @throws as `forecast` does. */
  readonly risk: (question: Question & { threshold: Threshold }) => Risk;
  /** The observations that the answer to a question starts from; none if it is the climate. @throws as `forecast` does. */
  readonly startedFrom: (question: Pick<Question, "station" | "start" | "observed">) => Observation[];
}

/** Fields of a station in climate.json, without its climate. */
export type About = Pick<StationClimate, "elevation_m" | "timeZone" | "borrowed" | "sources">;

/** Answers from the climate, and with `given` from observations. */
export interface Forecaster extends Answers {
  readonly state: string;
  /** The first is the default. */
  readonly stations: readonly Station[];
  /** Other stations whose observations are used. */
  readonly neighbours: readonly Station[];
  /** Source of a station's climate, and more about its place. Nothing if the state has no such station. */
  readonly about: (station: string) => About | undefined;
  /**
   * Answers that start from observations of stations and neighbours, in any order. Of two for one day, the later in the list
   * counts. The update of a station is computed once, when it is first needed. So use the same result until there are newer
   * observations. Observations of unknown stations are ignored.
   */
  readonly given: (observations: readonly Observation[]) => Answers;
}

/** The state has no such station; the message lists those that it has. */
export class UnknownStation extends Error {
  override name = "UnknownStation";

  constructor(station: string, known: readonly { id: string }[]) {
    super(`no station ${station}: the stations are ${known.map(({ id }) => id).join(", ")}`);
  }
}

const mostMembers = 2000;
const mostDays = 10;
/** Number of starts (station and day) whose distributions are cached. */
const keptStarts = 64;

/** Where an ensemble starts: the distribution of the coming days, and the observations behind it. */
interface Start {
  distribution: Posterior;
  from: readonly Heard[];
}

/**
 * Forecasts from the climate of a state.
 * @param climate What was read from climate.json.
 * @throws Error whose message names the field of the climate that is wrong and what was expected there.
 */
export function forecaster(climate: unknown): Forecaster {
  const { state, stations, neighbours } = climateFrom(climate);
  const everywhere = [...stations, ...neighbours];
  const covariances = new Covariances(correlationsSchema.parse(fitted), everywhere);
  const places = new Map(everywhere.map(({ id }, place) => [id, place]));
  // Made when a station is first needed, so that a server starts faster.
  const made = new Map<number, Marginals>();
  // One ensemble serves all forecasts, because they run one after the other, and each resets it.
  const ensemble = new Ensemble(mostMembers);
  const crossing = new Crossing(mostMembers);
  // Correlations do not change with the season: without observations all days and stations have the same distribution of scores.
  const climatology: Start = { distribution: posterior(covariances, 0, [], mostBefore + mostDays), from: [] };
  const following: Following = {
    climate: climatology.distribution,
    continuation: continuation(covariances, 0, mostBefore + mostDays),
  };
  const dressing = new Dressing(mostMembers, covariances.between(0, 0, 0)[1] ?? 0);

  function listened(id: string): Listened | undefined {
    const place = places.get(id);
    const weather = place === undefined ? undefined : everywhere[place];
    if (place === undefined || !weather) return undefined;
    const marginals = made.get(place) ?? new Marginals(weather);
    made.set(place, marginals);
    return { place, marginals };
  }

  function stationOf(id: string): Listened {
    const station = listened(id);
    if (station && station.place < stations.length) return station;
    throw new UnknownStation(id, stations);
  }

  function startFrom(
    heard: readonly (readonly Heard[])[],
    target: number,
    first: number,
    days: number,
  ): Start {
    const from = relevant(heard, covariances, target, first);
    if (from.length === 0) return climatology;
    return { distribution: posterior(covariances, target, scoresOf(from, first), days), from };
  }

  function given(observations: readonly Observation[]): Answers {
    const heard = heardFrom(observations, listened);
    const kept = new Map<string, Start>();

    function startOf(
      { station, start, observed }: Pick<Question, "station" | "start" | "observed">,
      days: number,
    ) {
      const { place } = stationOf(station);
      const first = firstDay(start);
      if (observed) {
        const own = [{ station, ...checked(observed, start, first) }];
        return startFrom(heardFrom(own, listened), place, first, days);
      }
      if (heard.length === 0) return climatology;
      const key = `${station} ${start}`;
      const found = kept.get(key);
      if (found) return found;
      const making = startFrom(heard, place, first, mostDays);
      if (kept.size >= keptStarts) kept.delete(kept.keys().next().value ?? "");
      kept.set(key, making);
      return making;
    }

    /** Simulates the ensemble through the days of a question. */
    function live<Seen>(question: Question, see: (day: number, basis?: DayBasis) => Seen): Seen[] {
      const { station, start, days, members, seed, point } = question;
      const { marginals } = stationOf(station);
      const first = firstDay(start);
      inRange("days", days, 1, mostDays);
      inRange("members", members, 10, mostMembers);
      inRange("seed", seed, 0, 2 ** 32 - 1);
      const deviates = new Deviates(seed);
      if (point) {
        const through = [first, first + days - 1] as const;
        const made = { ensemble, dressing, following };
        const dressed = dressedDays(made, through, point, members, marginals, deviates);
        return Array.from(dressed, ([day, basis]) => see(day, basis));
      }
      ensemble.start(startOf(question, days).distribution, members);
      return Array.from({ length: days }, (_, lead) => {
        ensemble.next(marginals, first + lead, deviates);
        return see(first + lead);
      });
    }

    return {
      forecast(question) {
        const words = new Map(question.point?.map(({ date, summary }) => [date, summary]));
        return live(question, (day, basis) => {
          const date = dateOf(day);
          return told({ date, ...outlookOf(ensemble) }, basis, words.get(date));
        });
      },
      risk(question) {
        const { of } = question.threshold;
        crossing.watch(question.threshold);
        const days = live(question, (day, basis) => ({
          date: dateOf(day),
          chance: crossing.on(ensemble),
          ...(basis && { basis: basis[of] }),
        }));
        return { days, chance: crossing.ever(ensemble.size) };
      },
      startedFrom: (question) => startOf(question, 1).from.map(({ observation }) => observation),
    };
  }

  return {
    state,
    stations: stations.map(publicly),
    neighbours: neighbours.map(publicly),
    about: (station) => stations.find(({ id }) => id === station),
    ...given([]),
    given,
  };
}

/** A day with the origin of its figures, and with the summary of the point forecast. */
function told(day: Day, basis: DayBasis | undefined, words: string | undefined): Day {
  if (!basis) return day;
  return {
    ...day,
    high: { ...day.high, basis: basis.high },
    low: { ...day.low, basis: basis.low },
    precipitation: { ...day.precipitation, basis: basis.precipitation },
    summary: words ?? day.summary,
  };
}

const publicly = ({ id, name, latitude, longitude }: Station): Station => ({ id, name, latitude, longitude });

function firstDay(start: string): number {
  const first = dayNumber(start);
  if (Number.isNaN(first)) throw new RangeError(`start: expected a date such as 2026-11-23, got ${start}`);
  return first;
}

function checked(observed: Observed, start: string, first: number): Observed {
  if (!Number.isFinite(observed.high + observed.low + observed.precipitation)) {
    throw new RangeError("observed: expected a high, a low and an amount of precipitation");
  }
  const from = dayNumber(observed.date);
  if (from < first && from >= first - 10) return observed;
  throw new RangeError(`observed.date: expected 1 to 10 days before ${start}, got ${observed.date}`);
}

function inRange(field: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${field}: expected a whole number from ${min} to ${max}, got ${value}`);
}
