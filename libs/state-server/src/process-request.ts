import { dateIn, type ReadRequest, type Reply } from "@weather/contracts";
import { refuse, type Answering } from "./answering.ts";
import { liveReply } from "./live-reply.ts";
import { modelReply } from "./model-reply.ts";

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
  return live ? liveReply(asked, station, answering, live) : modelReply(asked, station, answering);
}
