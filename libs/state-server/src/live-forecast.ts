import type { PointDay, Station } from "@weather/forecast-model";

/** A forecast from an external source that updates it. */
export interface LiveForecast {
  /** Time of its issue, UTC. */
  readonly updatedAt: string;
  /** Days in order of their dates. They may start before today, and end before the last requested day. */
  readonly days: readonly PointDay[];
}

export interface LiveSource {
  /** @throws {NoLiveForecast} */
  forecast(station: Station): Promise<LiveForecast>;
}

/** There is no live forecast at present, or none for this place. The message contains the source's reason. */
export class NoLiveForecast extends Error {
  override readonly name = "NoLiveForecast";
}
