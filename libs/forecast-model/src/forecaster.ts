import { calendarDay, dateOf, dayNumber } from "./calendar.ts";
import { climateFrom } from "./climate.ts";
import { Dressing } from "./dressing/dressing.ts";
import { dressedDays } from "./dressing/dressed-days.ts";
import type { Basis, DayBasis, PointDay } from "./dressing/point-forecast.ts";
import { Ensemble, type Observed } from "./ensemble.ts";
import { outlookOf, type Outlook, type Spread } from "./outlook.ts";
import { Deviates } from "./random.ts";
import { Crossing, type Risk, type Threshold } from "./risk.ts";
import { tablesOf, type Tables } from "./tables.ts";

export interface Station {
  /** ICAO id, such as KCMH */
  id: string;
  name: string;
  /** Degrees north */
  latitude: number;
  /** Degrees east */
  longitude: number;
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
  /** The weather from which the forecast starts, of the day before `start`, or up to 10 days before. Default: unknown. */
  observed?: Observed | undefined;
  /**
   * A point forecast by somebody who knows more, such as the National Weather Service, in order of its dates. Members
   * are drawn around it, and go on from its last day. `observed` is then of no use. Default: none.
   */
  point?: readonly PointDay[] | undefined;
}

/** With a point forecast, each figure says what it rests on. */
export interface Day extends Outlook {
  /** YYYY-MM-DD */
  date: string;
  high: Spread & { basis?: Basis };
  low: Spread & { basis?: Basis };
  precipitation: Outlook["precipitation"] & { basis?: Basis };
}

/** All answers are pure: they depend on the question and the climate alone. */
export interface Forecaster {
  readonly state: string;
  /** The first is the default. */
  readonly stations: readonly Station[];
  /** The state that a station's climate is borrowed from; nothing if it is the state's own. */
  readonly borrowedFrom: (station: string) => string | undefined;
  /** @throws UnknownStation; RangeError when a field of the question is out of its range. */
  readonly forecast: (question: Question) => Day[];
  /** How likely it is that a threshold is crossed. @throws as `forecast` does. */
  readonly risk: (question: Question & { threshold: Threshold }) => Risk;
}

/** The state has no such station; the message lists those that it has. */
export class UnknownStation extends Error {
  override name = "UnknownStation";
  readonly station: string;
  readonly known: readonly string[];

  constructor(station: string, known: readonly string[]) {
    super(`no station ${station}: the stations are ${known.join(", ")}`);
    this.station = station;
    this.known = known;
  }
}

const mostMembers = 2000;

/**
 * Forecasts from the climate of a state.
 * @param climate What was read from climate.json.
 * @throws Error whose message names the field of the climate that is wrong and what was expected there.
 */
export function forecaster(climate: unknown): Forecaster {
  const { state, stations } = climateFrom(climate);
  const climates = new Map(stations.map((station) => [station.id, station]));
  // Made when a station is first asked for: a server starts without those of ten stations that nobody asks.
  const tables = new Map<string, Tables>();
  // One for all forecasts, which come one after the other: nothing of one is left for the next.
  const ensemble = new Ensemble(mostMembers);
  const crossing = new Crossing(mostMembers);
  const dressing = new Dressing(mostMembers);

  function tablesFor(id: string): Tables {
    const made = tables.get(id);
    if (made) return made;
    const station = climates.get(id);
    if (!station) throw new UnknownStation(id, [...climates.keys()]);
    const making = tablesOf(station);
    tables.set(id, making);
    return making;
  }

  /** Lets the ensemble live through the days of a question. */
  function live<Seen>(question: Question, see: (day: number, basis?: DayBasis) => Seen): Seen[] {
    const { station, start, days, members, seed, point } = question;
    const climate = tablesFor(station);
    const first = dayNumber(start);
    if (Number.isNaN(first)) throw new RangeError(`start: expected a date such as 2026-11-23, got ${start}`);
    inRange("days", days, 1, 10);
    inRange("members", members, 10, mostMembers);
    inRange("seed", seed, 0, 2 ** 32 - 1);
    const deviates = new Deviates(seed);
    if (point) {
      const through = [first, first + days - 1] as const;
      const made = { ensemble, dressing };
      return Array.from(dressedDays(made, through, point, members, climate, deviates), ([day, basis]) =>
        see(day, basis),
      );
    }
    startBefore(first, question, climate, deviates);
    return Array.from({ length: days }, (_, lead) => {
      ensemble.next(calendarDay(first + lead), climate, deviates);
      return see(first + lead);
    });
  }

  /** Brings the ensemble to the day before the first one. */
  function startBefore(
    first: number,
    { start, members, observed }: Question,
    climate: Tables,
    deviates: Deviates,
  ) {
    if (!observed) {
      ensemble.startAnywhere(calendarDay(first - 1), climate, members, deviates);
      return;
    }
    if (!Number.isFinite(observed.high + observed.low + observed.precipitation)) {
      throw new RangeError("observed: expected a high, a low and an amount of precipitation");
    }
    const from = dayNumber(observed.date);
    if (!(from < first && from >= first - 10)) {
      throw new RangeError(`observed.date: expected 1 to 10 days before ${start}, got ${observed.date}`);
    }
    ensemble.startFrom(observed, calendarDay(from), climate, members, deviates);
    for (let day = from + 1; day < first; day++) ensemble.next(calendarDay(day), climate, deviates);
  }

  return {
    state,
    stations: stations.map(({ id, name, latitude, longitude }) => ({ id, name, latitude, longitude })),
    borrowedFrom: (station) => climates.get(station)?.borrowed,
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
  };
}

/** A day whose figures say what they rest on, in the words of who forecast it. */
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

function inRange(field: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${field}: expected a whole number from ${min} to ${max}, got ${value}`);
}
