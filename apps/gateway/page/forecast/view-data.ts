import type { Forecast, Risk, StateName, Stations, UnitSystem } from "@weather/contracts";
import type { Words } from "./form-words.ts";

/** A station that may be chosen: where the farm did not tell its stations, only the one that answered. */
export type Choice = Pick<Stations["stations"][number], "id" | "name"> &
  Partial<Pick<Stations["stations"][number], "elevation" | "fittedFrom">>;

/** What a farm has answered. */
export interface Answered {
  readonly forecast: Forecast;
  /** The same days without an observation: what is usual for the date. */
  readonly climate?: Forecast | undefined;
  readonly risk?: Risk | undefined;
  readonly usualRisk?: Risk | undefined;
  /** When it may change, in milliseconds of `Date.now()`. */
  readonly until: number;
}

/** Why there is no forecast. */
export interface Refused {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly advice?: string | undefined;
  /** By field. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[] | undefined;
  /** Seconds after which the page asks again by itself. */
  readonly retryAfter?: number | undefined;
}

/** Everything that the forecast view shows. */
export interface ForecastData {
  readonly state: StateName;
  /** Of the URL. */
  readonly words: Words;
  readonly units: UnitSystem;
  readonly stations: readonly Choice[];
  /** YYYY-MM-DD, in the state. */
  readonly today: string;
  /** Such as `http://localhost:8080`. */
  readonly origin: string;
  /** Nothing yet where the farm takes its time. */
  readonly answered?: Answered | undefined;
  readonly refused?: Refused | undefined;
}
