import type { OutgoingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Live } from "../live/live.ts";
import { Problem } from "../problem.ts";

/** `GET /v1/live`: an event stream with the state of all farms, once a second. */
export function liveRoute(http: FastifyInstance, live: Live, draining: () => boolean): void {
  http.get("/v1/live", { exposeHeadRoute: false }, (_, reply) => {
    if (draining()) throw new Problem(503, "Stopping", "this gateway stops: another one answers", {}, 1);
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
