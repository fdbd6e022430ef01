import { stationsTable } from "@weather/rendering";
import type { FastifyInstance } from "fastify";
import type { Answers } from "../answers.ts";
import { cached } from "../cached.ts";
import { mediaTypes } from "../forms.ts";
import { gone } from "../gone.ts";
import { known } from "../known.ts";
import { withoutParameters } from "../parameters.ts";
import { formOf } from "./forecasts.ts";

/** `GET /v1/states/:state/stations`: the stations of a state's farm, as JSON or as text. */
export function stationsRoute(http: FastifyInstance, answers: Answers): void {
  const path = "/v1/states/:state/stations";
  http.get<{ Params: { state: string } }>(path, withoutParameters, async (request, reply) => {
    void reply.header("vary", "Accept");
    const form = formOf(request, ["json", "text"], "a list of stations");
    const said = await answers.stations(known(request.params.state), gone(reply));
    const { until } = said;
    if (cached(request, reply, { etag: `"${said.digest}.${form}"`, until })) return reply.code(304).send();
    void reply.type(mediaTypes[form]);
    return reply.send(
      form === "json" ? said.body : `${stationsTable(said.reply, { width: 80, colour: false })}\n`,
    );
  });
}
