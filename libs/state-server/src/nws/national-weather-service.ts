import type { Station } from "@weather/forecast-model";
import { NoLiveForecast, type LiveForecast, type LiveSource } from "../live-forecast.ts";
import { forecast, gridpoint } from "./answers.ts";
import { Api } from "./api.ts";
import { daysFrom } from "./days.ts";

export interface NationalWeatherServiceOptions {
  /** Base URL, without a slash at the end. */
  url: string;
  /** Mail or web address, for the User-Agent. */
  contact: string;
  /** Longest time for one lookup, in milliseconds. */
  deadline: number;
  /** Pause for a station after a failed lookup, in milliseconds. @default 30000 */
  rest?: number;
  /** How long a station's last good forecast is used while lookups fail, in milliseconds. @default 12 hours */
  usable?: number;
  log: { warn: (details: object, message: string) => void };
}

/** The forecasts of the US National Weather Service, from api.weather.gov. */
export class NationalWeatherService implements LiveSource {
  readonly #api: Api;
  readonly #options: NationalWeatherServiceOptions;
  /** Running and recently failed lookups, by station. */
  readonly #lookups = new Map<string, Promise<LiveForecast>>();
  /** The last good forecast of each station, with the time of its lookup. */
  readonly #last = new Map<string, { forecast: LiveForecast; at: number }>();

  constructor(options: NationalWeatherServiceOptions) {
    this.#options = options;
    this.#api = new Api(options.url, options.contact);
  }

  forecast(station: Station): Promise<LiveForecast> {
    const { id } = station;
    const held = this.#lookups.get(id);
    if (held) return held;
    const lookup = this.#lookUp(station).then(
      (forecast) => {
        this.#last.set(id, { forecast, at: performance.now() });
        this.#lookups.delete(id);
        return forecast;
      },
      (error: unknown) => {
        setTimeout(() => this.#lookups.delete(id), this.#options.rest ?? 30_000).unref();
        return this.#lastOf(id, error);
      },
    );
    this.#lookups.set(id, lookup);
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

  /**
   * The last good forecast, for use while NWS gives none. Its errors grow with its age, as with any lead time.
   * @throws {NoLiveForecast} if there is none, or it is too old
   */
  #lastOf(station: string, error: unknown): LiveForecast {
    const { rest = 30_000, usable = 12 * 3_600_000, log } = this.#options;
    const last = this.#last.get(station);
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof NoLiveForecast && last && performance.now() - last.at < usable) {
      const { updatedAt } = last.forecast;
      log.warn(
        { station, reason, rest, updatedAt },
        "the last forecast of the National Weather Service serves on",
      );
      return last.forecast;
    }
    this.#last.delete(station);
    log.warn({ station, reason, rest }, "no live forecast from the National Weather Service");
    throw error;
  }
}
