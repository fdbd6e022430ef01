import type { PointDay, Station } from "@weather/forecast-model";

/** A forecast that somebody else makes and keeps up to date. */
export interface LiveForecast {
  /** When it was made, UTC. */
  readonly updatedAt: string;
  /** In order of their dates. May start before today, and end sooner than was asked for. */
  readonly days: readonly PointDay[];
}

export interface LiveSource {
  /** @throws {NoLiveForecast} */
  forecast(station: Station): Promise<LiveForecast>;
}

/** There is no live forecast just now, or none for this place. The message says what its source said. */
export class NoLiveForecast extends Error {
  override readonly name = "NoLiveForecast";
}
