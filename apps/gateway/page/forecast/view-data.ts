import type { Forecast, Risk, StateName, Stations, UnitSystem } from "@weather/contracts";
import type { Words } from "./form-words.ts";

/** A station that the form offers. If the farm did not list its stations, the only one is the one that answered. */
type Choice = Pick<Stations["stations"][number], "id" | "name"> &
  Partial<Pick<Stations["stations"][number], "elevation" | "fittedFrom">>;

/** The answers of a farm. */
export interface Answered {
  readonly forecast: Forecast;
  /** The climate of the same days: what is usual for the date. */
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
  /** Each invalid field, with the reason. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[] | undefined;
  /** Seconds after which the page asks again by itself. */
  readonly retryAfter?: number | undefined;
}

/** Everything that the forecast view shows. */
export interface ForecastData {
  readonly state: StateName;
  /** Query parameters of the URL. */
  readonly words: Words;
  readonly units: UnitSystem;
  readonly stations: readonly Choice[];
  /** Today in the state, YYYY-MM-DD. */
  readonly today: string;
  /** Origin of the page, such as `http://localhost:8080`. */
  readonly origin: string;
  /** Nothing while the farm has not answered. */
  readonly answered?: Answered | undefined;
  readonly refused?: Refused | undefined;
}

/** Properties of a view that shows an answer. */
export interface AnswerProps {
  readonly data: ForecastData;
  readonly answered: Answered;
}
