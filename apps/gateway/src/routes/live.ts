import type { OutgoingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Live } from "../live/live.ts";
import { withoutParameters } from "../parameters.ts";

/** `GET /v1/live`: an event stream with the state of all farms, once a second. */
export function liveRoute(http: FastifyInstance, live: Live): void {
  http.get("/v1/live", { ...withoutParameters, exposeHeadRoute: false }, (_, reply) => {
    const headers = {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      // Otherwise nginx buffers the events.
      "x-accel-buffering": "no",
    };
    reply.hijack();
    live.listen(reply.raw, headers);
  });
}
