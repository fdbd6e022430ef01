import type { Station } from "@weather/forecast-model";
import type { LiveForecast, LiveSource } from "../live-forecast.ts";
import { forecast, gridpoint } from "./answers.ts";
import { Api } from "./api.ts";
import { daysFrom } from "./days.ts";

export interface NationalWeatherServiceOptions {
  /** Where it is asked, without a slash at the end. */
  url: string;
  /** Mail or web address, for the User-Agent. */
  contact: string;
  /** Longest time for one lookup, in milliseconds. */
  deadline: number;
  /** How long a station is left alone after a lookup that failed, in milliseconds. @default 30000 */
  rest?: number;
  log: { warn: (details: object, message: string) => void };
}

/** The forecasts of the US National Weather Service, from api.weather.gov. */
export class NationalWeatherService implements LiveSource {
  readonly #api: Api;
  readonly #options: NationalWeatherServiceOptions;
  /** Those under way, by station, and those that failed a short while ago. */
  readonly #lookups = new Map<string, Promise<LiveForecast>>();

  constructor(options: NationalWeatherServiceOptions) {
    this.#options = options;
    this.#api = new Api(options.url, options.contact);
  }

  forecast(station: Station): Promise<LiveForecast> {
    const { rest = 30_000, log } = this.#options;
    const { id } = station;
    const held = this.#lookups.get(id);
    if (held) return held;
    const lookup = this.#lookUp(station);
    this.#lookups.set(id, lookup);
    const forget = () => this.#lookups.delete(id);
    lookup.then(forget, (error: Error) => {
      log.warn(
        { station: id, reason: error.message, rest },
        "no live forecast from the National Weather Service",
      );
      setTimeout(forget, rest).unref();
    });
    return lookup;
  }

  async #lookUp(station: Station): Promise<LiveForecast> {
    const { deadline } = this.#options;
    const signal = AbortSignal.timeout(deadline);
    const { properties: place } = await this.#api.points(station, signal);
    const [words, numbers] = await Promise.all([
      this.#api.read(place.forecast, forecast, signal),
      this.#api.read(place.forecastGridData, gridpoint, signal),
    ]);
    const grid = numbers.properties;
    return { updatedAt: grid.updateTime, days: daysFrom(words.properties.periods, grid, place.timeZone) };
  }
}
