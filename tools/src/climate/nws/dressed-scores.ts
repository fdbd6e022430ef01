import { nwsErrors, probabilityBelow, type ErrorsByLead } from "@weather/forecast-model/parts";
import { errorsByLead } from "./fit-errors.ts";
import { crpsOfNormal, toP90 } from "./normal.ts";
import {
  elements,
  errorOf,
  leads,
  type Element,
  type Lead,
  type VerifiedForecast,
} from "./verified-forecasts.ts";

/** Scores of the forecasts of one element and lead, as NWS made them (raw) and dressed with error statistics. */
export interface DressedScore {
  element: Element;
  lead: Lead;
  n: number;
  /** Mean absolute error, °C: the CRPS of a single value. */
  rawError: number;
  /** CRPS, °C */
  crps: number;
  /** Share of observations from the 10th to the 90th percentile, 0 to 1. */
  inRange: number;
  /**
   * The same, but an observation counts as the interval of one degree Fahrenheit that was rounded to it, with the share of the
   * interval that is in the range (as Czado, Gneiting & Held 2009 do with counts). `inRange` jumps by six per cent when one degree
   * at the edge of a range of seven degrees enters or leaves it. This figure does not.
   */
  coverage: number;
  /** Brier scores of a low below 0 °C or a high above 30 °C; raw means a chance of 0 or 1. */
  rawBrier: number;
  brier: number;
  /** How often the raw forecast of the event was wrong. */
  rawMisses: number;
}

/** Forecasts of each lead that cross-validation needs. With fewer, its figures are worse than the committed ones. */
const enough = 300;

/**
 * Scores of forecasts that are dressed with figures which were fitted without their city. If the committed figures include the
 * city, new ones are fitted to the file's other such cities and other months; if these are too few, the committed ones are used.
 */
export function dressedScores(forecasts: readonly VerifiedForecast[]): DressedScore[] {
  return elements.flatMap((element) => {
    const ofElement = forecasts.filter((forecast) => forecast.element === element);
    const sums = new Map(leads.map((lead) => [lead, { element, lead, ...nothing }]));
    const figures = new Map<string, ErrorsByLead>();
    for (const forecast of ofElement) {
      const cityAndMonth = `${forecast.city} ${monthOf(forecast.date)}`;
      if (!figures.has(cityAndMonth)) figures.set(cityAndMonth, figuresFor(forecast, ofElement));
      const { mean_C, sd_C } = figures.get(cityAndMonth)!.find(({ lead_h }) => lead_h === forecast.lead)!;
      add(sums.get(forecast.lead)!, forecast, mean_C, sd_C);
    }
    return [...sums.values()].filter(({ n }) => n > 0).map(meanOf);
  });
}

const monthOf = (date: string) => date.slice(0, 7);
const seen = new Set(nwsErrors.cities);

/** The error figures with which a forecast is dressed, by lead. */
export function figuresFor(
  { city, date, element }: VerifiedForecast,
  all: readonly VerifiedForecast[],
): ErrorsByLead {
  if (!seen.has(city)) return nwsErrors[element];
  const others = all.filter(
    (other) =>
      other.element === element &&
      other.city !== city &&
      seen.has(other.city) &&
      monthOf(other.date) !== monthOf(date),
  );
  return others.length < enough * leads.length ? nwsErrors[element] : errorsByLead(others, element);
}

const nothing = { n: 0, rawError: 0, crps: 0, inRange: 0, coverage: 0, rawBrier: 0, brier: 0, rawMisses: 0 };

/** Fahrenheit of the events: a low below 0 °C, a high above 30 °C. */
const limits = { high: 86, low: 32 } as const;

/** Half a degree Fahrenheit, °C. */
const halfDegree = 0.5 / 1.8;

function add(sum: DressedScore, forecast: VerifiedForecast, mean: number, sd: number): void {
  const error = errorOf(forecast);
  const limit = limits[forecast.element];
  const crosses = (fahrenheit: number) => (sum.element === "high" ? fahrenheit > limit : fahrenheit < limit);
  // Observations are whole degrees, so those below 32 °F were below 31.5 °F.
  const edge = sum.element === "high" ? limit + 0.5 : limit - 0.5;
  const under = probabilityBelow(((edge - forecast.forecast) / 1.8 - mean) / sd);
  const chance = sum.element === "high" ? 1 - under : under;
  const happened = Number(crosses(forecast.observed));
  const said = Number(crosses(forecast.forecast));
  sum.n++;
  sum.rawError += Math.abs(error);
  sum.crps += crpsOfNormal(mean, sd, error);
  sum.inRange += Number(Math.abs(error - mean) <= toP90 * sd);
  const inside =
    Math.min(error + halfDegree, mean + toP90 * sd) - Math.max(error - halfDegree, mean - toP90 * sd);
  sum.coverage += Math.min(1, Math.max(0, inside / (2 * halfDegree)));
  sum.rawBrier += (said - happened) ** 2;
  sum.brier += (chance - happened) ** 2;
  sum.rawMisses += Number(said !== happened);
}

function meanOf({ element, lead, n, rawMisses, ...sums }: DressedScore): DressedScore {
  const means = Object.entries(sums).map(([name, sum]) => [name, sum / n]);
  return { element, lead, n, rawMisses, ...(Object.fromEntries(means) as typeof sums) };
}
