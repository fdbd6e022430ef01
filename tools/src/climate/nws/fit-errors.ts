import { dayNumber, type ErrorsByLead, type ForecastErrors } from "@weather/forecast-model/parts";
import { mean, sampleCorrelation, standardDeviation } from "simple-statistics";
import { errorOf, leads, type Element, type Lead, type VerifiedForecast } from "./verified-forecasts.ts";

/** Mean and standard deviation of the errors of one element by lead time, °C. @throws Error where there are too few. */
export function errorsByLead(forecasts: readonly VerifiedForecast[], element: Element): ErrorsByLead {
  return leads.map((lead) => {
    const errors = forecasts
      .filter((forecast) => forecast.element === element && forecast.lead === lead)
      .map(errorOf);
    if (errors.length < 30) {
      throw new Error(
        `${errors.length} verified forecasts of the ${element} ${lead} h ahead: 30 or more are needed`,
      );
    }
    return { lead_h: lead, n: errors.length, mean_C: mean(errors), sd_C: standardDeviation(errors) };
  });
}

type Time = readonly [element: Element, lead: Lead];

/** Correlations of errors within one issue of a forecast: of one time with a later one. */
export function errorCorrelations(forecasts: readonly VerifiedForecast[]): ForecastErrors["correlations"] {
  const key = (city: string, day: number, element: Element, lead: number) =>
    `${city} ${day} ${element} ${lead}`;
  const errors = new Map(
    forecasts.map((forecast) => [
      key(forecast.city, dayNumber(forecast.date), forecast.element, forecast.lead),
      errorOf(forecast),
    ]),
  );
  /** Mean over such pairs of times: each is a correlation of thousands of forecasts. */
  const correlation = (pairs: readonly (readonly [Time, daysLater: number, Time])[]) =>
    mean(
      pairs.map(([[element, lead], later, [otherElement, otherLead]]) => {
        const both = forecasts
          .filter((forecast) => forecast.element === element && forecast.lead === lead)
          .flatMap((forecast) => {
            const day = dayNumber(forecast.date) + later;
            const other = errors.get(key(forecast.city, day, otherElement, otherLead));
            return other === undefined ? [] : [[errorOf(forecast), other] as const];
          });
        return sampleCorrelation(
          both.map(([error]) => error),
          both.map(([, other]) => other),
        );
      }),
    );
  // A row's low is that of the night after its date.
  return {
    highWithNextHigh: correlation([
      [["high", 12], 1, ["high", 36]],
      [["high", 24], 1, ["high", 48]],
    ]),
    lowWithNextLow: correlation([
      [["low", 12], 1, ["low", 36]],
      [["low", 24], 1, ["low", 48]],
    ]),
    lowWithHigh: correlation([
      [["low", 12], 1, ["high", 24]],
      [["low", 24], 1, ["high", 36]],
      [["low", 36], 1, ["high", 48]],
    ]),
    highWithNextLow: correlation([
      [["high", 12], 0, ["low", 24]],
      [["high", 24], 0, ["low", 36]],
      [["high", 36], 0, ["low", 48]],
    ]),
  };
}

/** Everything that the dressing of forecasts needs, for nws-errors.json. */
export function fitErrors(forecasts: readonly VerifiedForecast[], source: string): ForecastErrors {
  return {
    source,
    cities: [...new Set(forecasts.map(({ city }) => city))].sort(),
    high: errorsByLead(forecasts, "high"),
    low: errorsByLead(forecasts, "low"),
    correlations: errorCorrelations(forecasts),
  };
}
