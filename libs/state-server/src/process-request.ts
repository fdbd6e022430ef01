import { dateIn, type ReadRequest, type Reply } from "@weather/contracts";
import { seedFrom, type Station } from "@weather/forecast-model";
import { refuse, type Answering, type Asked } from "./answering.ts";
import { liveReply } from "./live-reply.ts";

/**
 * Turns a request into data: the forecast or the risk, or why there is none.
 * Only a live forecast is waited for; the climate's is there at once.
 */
export function processRequest(request: ReadRequest, answering: Answering): Reply | Promise<Reply> {
  const { state, live, forecaster } = answering;
  const { stations } = forecaster;
  const station = request.station ? stations.find(({ id }) => id === request.station) : stations[0];
  if (!station) {
    const known = stations.map(({ id }) => id).join(", ");
    const message = `${state} has no station ${request.station}: its stations are ${known}`;
    return refuse(answering, "unknown-station", message, [{ path: "station", message }]);
  }
  const asked = { ...request, start: request.start ?? dateIn(state, new Date()) };
  const fromClimate = () => climateReply(asked, station, answering);
  return live ? liveReply(asked, station, answering, live, fromClimate) : fromClimate();
}

function climateReply(asked: Asked, station: Station, answering: Answering): Reply {
  const { state, server, forecaster } = answering;
  const { days, members, start, seed = seedFrom(station.id, start), observed } = asked;
  const question = { station: station.id, start, days, members, seed, observed };
  const borrowed = forecaster.borrowedFrom(station.id);
  const model = { name: "climate-ensemble", members, seed, ...(borrowed && { borrowed }) } as const;
  const answer = { state, station, issuedAt: new Date().toISOString(), server, model };
  try {
    if (asked.threshold) {
      const { threshold } = asked;
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
