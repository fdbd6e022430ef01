import { dateOf, dayNumber } from "./calendar.ts";
import { climateFrom } from "./climate.ts";
import { Ensemble, type Observed } from "./ensemble.ts";
import { deviatesFrom } from "./random.ts";
import { summaryOf } from "./summary.ts";
import { Tally } from "./tally.ts";
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
  /** The weather from which the forecast starts, of the day before `start`; at most 10 days before. Default: unknown. */
  observed?: Observed;
}

/** Quantiles of the ensemble, °C, to 0.1 °C. */
export interface Spread {
  p10: number;
  p50: number;
  p90: number;
}

export interface Day {
  /** YYYY-MM-DD */
  date: string;
  high: Spread;
  low: Spread;
  precipitation: {
    /** Probability of at least 0.254 mm, 0 to 1, to 0.01. */
    chance: number;
    /** Mean of all members, dry ones too, mm, to 0.1 mm. */
    mean: number;
    /** 90th percentile of all members, mm, to 0.1 mm. */
    p90: number;
  };
  summary: string;
}

export interface Forecaster {
  readonly state: string;
  /** The first is the default. */
  readonly stations: readonly Station[];
  /** @throws UnknownStation; RangeError when a field of the question is out of its range. */
  forecast(question: Question): Day[];
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

export const mostMembers = 2000;

/**
 * Forecasts from the climate of a state.
 * @param climate What was read from climate.json.
 * @throws Error whose message names the field of the climate that is wrong and what was expected there.
 */
export function forecaster(climate: unknown): Forecaster {
  const { state, stations } = climateFrom(climate);
  const tables = new Map<string, Tables>(stations.map((station) => [station.id, tablesOf(station)]));
  const ensemble = new Ensemble(mostMembers);

  return {
    state,
    stations: stations.map(({ id, name, latitude, longitude }) => ({ id, name, latitude, longitude })),
    forecast({ station, start, days, members, seed, observed }) {
      const climate = tables.get(station);
      if (!climate) throw new UnknownStation(station, [...tables.keys()]);
      const first = dayNumber(start);
      const deviates = deviatesFrom(seed);
      if (observed) {
        const from = dayNumber(observed.date);
        if (!(from < first && from >= first - 10)) {
          throw new RangeError(`observed.date: expected 1 to 10 days before ${start}, got ${observed.date}`);
        }
        ensemble.startFrom(observed, from, climate, members, deviates);
        for (let day = from + 1; day < first; day++) ensemble.next(day, climate, deviates);
      } else {
        ensemble.startAnywhere(first - 1, climate, members, deviates);
      }
      return Array.from({ length: days }, (_, lead) => {
        ensemble.next(first + lead, climate, deviates);
        return dayOf(ensemble, first + lead);
      });
    },
  };
}

/** The ensemble of one day in figures. */
function dayOf({ high, low, precipitation, chance, size }: Ensemble, day: number): Day {
  const outlook = {
    high: spreadOf(temperatures.count(high, size)),
    low: spreadOf(temperatures.count(low, size)),
    precipitation: {
      chance: Math.round(chance * 100) / 100,
      mean: tenths(meanOf(precipitation, size)),
      p90: tenths(amounts.count(precipitation, size).quantile(0.9)),
    },
  };
  return { date: dateOf(day), ...outlook, summary: summaryOf(outlook) };
}

// Every forecast uses the same two: nothing of one forecast is left in them for the next.
const temperatures = new Tally(-100, 70);
const amounts = new Tally(0, 500);

const spreadOf = (tally: Tally): Spread => ({
  p10: tenths(tally.quantile(0.1)),
  p50: tenths(tally.quantile(0.5)),
  p90: tenths(tally.quantile(0.9)),
});

function meanOf(values: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += values[i]!;
  return sum / size;
}

/** Never -0, which JSON would not keep. */
const tenths = (value: number) => Math.round(value * 10) / 10 + 0;
