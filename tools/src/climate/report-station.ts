import { displacement, type CorrelationParameters, type Place } from "@weather/forecast-model/parts";
import type { StationSeries } from "./daily-files.ts";
import { fitMarginals } from "./fit-marginals.ts";
import { hindcast, type Observer } from "./hindcast.ts";
import { between, periodOf, splitOf } from "./series.ts";
import { simulate, standardized, statisticsOf, type Statistics } from "./simulation.ts";
import type { Comparison, StationReport } from "./station-report.ts";
import { normalsOf, withNormals } from "./with-normals.ts";

const earlyYears = (series: StationSeries) => between(series, "0001-01-01", splitOf(series));
const lateYears = (series: StationSeries) => between(series, splitOf(series), "9999-12-31");

/** A station with the climate of its early years, and all its days. */
export const observerOf = (series: StationSeries): Observer & { series: StationSeries } => ({
  series,
  place: series.place,
  parameters: fitMarginals([earlyYears(series)]),
});

function isUpstream(here: Place, there: Place): boolean {
  const [east, north] = displacement(here, there);
  return east < -50 && Math.hypot(east, north) < 1000;
}

/** Simulated runs of a series that it is compared with. */
const runs = 100;

/**
 * Verifies the model at one station.
 * @param others All other stations. The model uses their observations. Those of the same state also lend the station their
 *   climate, as to an airport.
 */
export function reportOn(
  target: Observer & { series: StationSeries },
  others: readonly (Observer & { series: StationSeries })[],
  correlations: CorrelationParameters,
  members: number,
): StationReport {
  const [training, later] = [earlyYears(target.series), lateYears(target.series)];
  const scored = (observer: Observer, neighbours: boolean, morning: boolean, leads = 10) =>
    hindcast(observer, others, training, later, { neighbours, morning }, { correlations, members, leads });
  const ofState = others.filter(({ series }) => series.state === target.series.state);
  const airport = ofState.length > 0 && {
    ...target,
    parameters: withNormals(fitMarginals(ofState.map(({ series }) => series)), normalsOf(training)),
  };
  const simulated = simulate(target.parameters, correlations, later, runs).map((one) =>
    statisticsOf(one, target.parameters),
  );
  const observed = statisticsOf(later, target.parameters);
  // The parameters are estimated from a sample, whose error adds to that of the verified years.
  const widening = Math.sqrt(1 + later.high.length / training.high.length);
  const compare = comparing(observed, simulated, widening);
  return {
    name: target.series.name,
    training: periodOf(training).join(" to "),
    later: periodOf(later).join(" to "),
    upstream: others.filter((other) => isUpstream(target.place, other.place)).length,
    scores: scored(target, true, false),
    withMorning: scored(target, true, true, 3),
    alone: scored(target, false, false, 3),
    asAirport: airport ? scored(airport, true, false, 3) : [],
    wetShare: observed.wetShare.map((_, month) => compare(({ wetShare }) => wetShare[month] ?? NaN)),
    amount: observed.amount.map((_, month) => compare(({ amount }) => amount[month] ?? NaN)),
    lagHigh: compare(({ lagHigh }) => lagHigh),
    lagLow: compare(({ lagLow }) => lagLow),
    ...monthlyMeans(target.series, correlations),
  };
}

/** Compares a figure of the observed series with that of simulated ones. @param widening factor of the sampling error */
const comparing =
  (observed: Statistics, simulated: readonly Statistics[], widening = 1) =>
  (of: (statistics: Statistics) => number): Comparison => {
    const { mean, sd } = standardized(of(observed), simulated.map(of));
    return { observed: of(observed), simulated: mean, error: sd * widening };
  };

/** Monthly means vary so slowly that all years are needed: they are compared with simulations of all years. */
function monthlyMeans(series: StationSeries, correlations: CorrelationParameters) {
  const parameters = fitMarginals([series]);
  const observed = statisticsOf(series, parameters);
  const simulated = simulate(parameters, correlations, series, runs / 2).map((one) =>
    statisticsOf(one, parameters),
  );
  const compare = comparing(observed, simulated);
  return {
    monthsHigh: compare(({ monthsHigh }) => monthsHigh),
    monthsLow: compare(({ monthsLow }) => monthsLow),
  };
}
