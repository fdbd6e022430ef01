import { distance, type Place, type ReadRequest, type Reply } from "@weather/contracts";
import type { Station } from "@weather/forecast-model";
import { refuse, type Answering } from "./answering.ts";
import type { Handler } from "./reply-cache.ts";

/** Greatest distance of a station that may answer for a place, in km. */
const farthest = 150;

/** Replies to a request for a place with the weather of its nearest station, and the distance to it. */
export function nearestReply(
  asked: ReadRequest,
  place: Place,
  answering: Answering,
  weather: Handler,
): Reply | Promise<Reply> {
  const [station, away] = nearest(place, answering.forecaster.stations);
  if (away > farthest) {
    const message =
      `${answering.state} has no station within ${farthest} km of ${place.latitude}, ${place.longitude}: ` +
      `the nearest, ${station.id}, is ${Math.ceil(away)} km away`;
    return refuse(answering, "unknown-station", message, [{ path: "latitude", message }]);
  }
  const told = (reply: Reply): Reply =>
    reply.outcome === "refused"
      ? reply
      : { ...reply, nearest: { ...place, distance: Math.round(away * 10) / 10 } };
  const reply = weather({ ...asked, station: station.id });
  return reply instanceof Promise ? reply.then(told) : told(reply);
}

/** The nearest station. Of two at the same distance, the first one. */
function nearest(place: Place, stations: readonly Station[]): [station: Station, km: number] {
  return stations
    .map((station): [Station, number] => [station, distance(place, station)])
    .reduce((one, other) => (other[1] < one[1] ? other : one));
}
