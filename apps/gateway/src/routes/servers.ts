import { serversTable } from "@weather/rendering";
import type { FastifyInstance } from "fastify";
import { mediaTypes } from "../forms.ts";
import type { Farms } from "../live/farms.ts";
import { known } from "../known.ts";
import { withoutParameters } from "../parameters.ts";
import { formOf } from "./forecasts.ts";

/** `GET /v1/states/:state/servers`: a report of every server of a state, as JSON or as text. */
export function serversRoute(http: FastifyInstance, farms: Farms): void {
  const path = "/v1/states/:state/servers";
  http.get<{ Params: { state: string } }>(path, withoutParameters, async (request, reply) => {
    void reply.header("vary", "Accept");
    const form = formOf(request, ["json", "text"], "a list of servers");
    const report = await farms.report(known(request.params.state));
    void reply.type(mediaTypes[form]).header("cache-control", "no-store");
    const screen = { width: 80, colour: false };
    return reply.send(form === "json" ? report : `${serversTable([report], new Date(), screen)}\n`);
  });
}
