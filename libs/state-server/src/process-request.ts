import type { FarmReply, FarmRequest } from "@weather/contracts";
import type { Answering } from "./answering.ts";
import { nearestReply } from "./nearest-reply.ts";
import type { Handler } from "./reply-cache.ts";
import { stationsReply } from "./stations-reply.ts";
import { weatherReply } from "./weather-reply.ts";

/**
 * Computes the reply to any request of a farm.
 *
 * @param weather computes the replies to requests for the weather of a station
 */
export function processRequest(
  request: FarmRequest,
  answering: Answering,
  weather: Handler = (asked) => weatherReply(asked, answering),
): FarmReply | Promise<FarmReply> {
  if (request.kind === "stations") return stationsReply(answering);
  const { latitude, longitude, ...asked } = request;
  if (latitude === undefined || longitude === undefined) return weather(asked);
  return nearestReply(asked, { latitude, longitude }, answering, weather);
}
