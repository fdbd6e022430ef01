import { forecastFrom, stateNames, states } from "@weather/contracts";
import type { Broker } from "@weather/queue-binding";
import type { FastifyInstance } from "fastify";

/** `GET /v1/states`: the states, and who serves them. */
export function statesRoute(http: FastifyInstance, broker: () => Broker): void {
  http.get("/v1/states", async (_, reply) => {
    const list = await Promise.all(
      stateNames.map(async (state) => {
        const counts = await broker().counts(forecastFrom(state));
        return { state, ...states[state], servers: counts?.servers ?? 0, waiting: counts?.waiting ?? 0 };
      }),
    );
    return reply.header("cache-control", "no-store").send({ states: list });
  });
}
