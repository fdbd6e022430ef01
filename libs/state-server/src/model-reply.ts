import type { Reply } from "@weather/contracts";
import { seedFrom, type Station } from "@weather/forecast-model";
import { refuse, type Answering, type Asked } from "./answering.ts";
import type { LiveForecast } from "./live-forecast.ts";

/** Answers with the members of an ensemble: the climate's, or those around a live forecast. */
export function modelReply(asked: Asked, station: Station, answering: Answering, live?: LiveForecast): Reply {
  const { state, server, forecaster } = answering;
  const { days, members, start, seed = seedFrom(station.id, start), observed, threshold } = asked;
  const question = { station: station.id, start, days, members, seed, observed, point: live?.days };
  const borrowed = forecaster.borrowedFrom(station.id);
  const made = { members, seed, ...(borrowed && { borrowed }) };
  const model = live
    ? ({ name: "nws", updatedAt: live.updatedAt, dressed: true, ...made } as const)
    : ({ name: "climate-ensemble", ...made } as const);
  const answer = { state, station, issuedAt: new Date().toISOString(), server, model };
  try {
    if (threshold) {
      const { of, above, below = 0 } = threshold;
      const limit = above === undefined ? { of, below } : { of, above };
      return { outcome: "risk", ...answer, threshold, ...forecaster.risk({ ...question, threshold: limit }) };
    }
    return { outcome: "forecast", ...answer, days: forecaster.forecast(question) };
  } catch (error) {
    // Only the model knows which observations it can start from.
    if (!(error instanceof RangeError)) throw error;
    const [path = "", ...rest] = error.message.split(": ");
    return refuse(answering, "invalid-request", error.message, [{ path, message: rest.join(": ") }]);
  }
}
