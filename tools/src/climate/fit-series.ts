import { type Parameters, shareOfWetDays, throughTheYear } from "@weather/forecast-model/parts";
import { fitAnomalies } from "./fit-anomalies.ts";
import { fitAmounts, fitChances, fitEffects } from "./fit-precipitation.ts";
import { fitTemperature } from "./fit-temperature.ts";
import { wetness, type DailySeries } from "./series.ts";

/**
 * The parameters of one station, or of several pooled. Each series keeps its own means of high and low; what is pooled is
 * everything else, and the means of the first are returned.
 * @throws Error when a series is too short.
 */
export function fitSeries(pool: readonly DailySeries[]): Parameters {
  const chances = fitChances(pool);
  const wet = shareOfWetDays(throughTheYear(chances.wetAfterWet), throughTheYear(chances.wetAfterDry));
  const high = fitTemperature(pool, "high", wet);
  const low = fitTemperature(pool, "low", wet);
  const anomalies = { high: high.anomalies, low: low.anomalies, wet: pool.map(wetness) };
  return {
    high: high.temperature,
    low: low.temperature,
    anomalies: fitAnomalies(pool, anomalies),
    precipitation: { ...chances, ...fitEffects(pool, chances, anomalies), ...fitAmounts(pool) },
  };
}
