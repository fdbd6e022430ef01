import type { FastifyInstance } from "fastify";
import description from "../../openapi.json" with { type: "json" };
import { digestOf } from "../answer.ts";
import { matches } from "../cached.ts";
import { mediaTypes } from "../forms.ts";

/** `GET /openapi.json`: the OpenAPI description of the routes. */
export function openapiRoute(http: FastifyInstance): void {
  const text = JSON.stringify(description);
  const etag = `"${digestOf(text)}"`;
  http.get("/openapi.json", (request, reply) => {
    void reply.header("etag", etag).header("cache-control", "no-cache");
    if (matches(request.headers["if-none-match"], etag)) return reply.code(304).send();
    return reply.type(mediaTypes.json).send(text);
  });
}
