import { dateIn, type ReadRequest, type Reply } from "@weather/contracts";
import { refuse, type Answering } from "./answering.ts";
import { liveReply } from "./live-reply.ts";
import { modelReply } from "./model-reply.ts";

/**
 * Computes the reply to a request about the weather: the forecast, the risk, or a refusal. The request may name the model. Otherwise the live
 * forecast answers if there is one, else the ensemble. The ensemble starts from observations, or from the climate if there
 * are none. Only a live forecast takes time, so only its reply is a promise.
 */
export function weatherReply(request: ReadRequest, answering: Answering): Reply | Promise<Reply> {
  const { state, live, forecaster } = answering;
  const { stations } = forecaster;
  const station = request.station ? stations.find(({ id }) => id === request.station) : stations[0];
  if (!station) {
    const known = stations.map(({ id }) => id).join(", ");
    const message = `${state} has no station ${request.station}: its stations are ${known}`;
    return refuse(answering, "unknown-station", message, [{ path: "station", message }]);
  }
  const asked = { ...request, start: request.start ?? dateIn(state, new Date()) };
  const no = (message: string) => refuse(answering, "invalid-request", message, [{ path: "model", message }]);
  switch (request.model) {
    case "climate":
      if (request.observed)
        return no("the climate starts from no observation: leave out observed, or the model");
      return modelReply(asked, station, answering, { answers: forecaster });
    case "ensemble":
      return modelReply(asked, station, answering);
    case "nws":
      if (!live)
        return no(
          `the servers of ${state} do not ask the National Weather Service: they have no NWS_CONTACT`,
        );
      return liveReply(asked, station, answering, { ...live, fallback: "none" });
  }
  if (!live || (live.unlessObserved && request.observed)) return modelReply(asked, station, answering);
  return liveReply(asked, station, answering, live);
}
