import { forecastFrom, stateNames, states } from "@weather/contracts";
import type { Clusters } from "@weather/process";
import type { FastifyInstance } from "fastify";
import { hasAnswered } from "../live/farms.ts";
import { withoutParameters } from "../parameters.ts";

/** `GET /v1/states`: the states with their servers and waiting requests; null if the state's cluster does not answer. */
export function statesRoute(http: FastifyInstance, clusters: Clusters): void {
  http.get("/v1/states", withoutParameters, async (_, reply) => {
    const list = await Promise.all(
      stateNames.map(async (state) => {
        const broker = clusters.of(state).connectedBroker;
        const place = { state, ...states[state] };
        const asked = performance.now();
        const counts = await broker?.counts(forecastFrom(state));
        const reachable = broker !== undefined && hasAnswered(counts, asked);
        if (!reachable) return { ...place, reachable, servers: null, waiting: null };
        return { ...place, reachable, servers: counts?.servers ?? 0, waiting: counts?.waiting ?? 0 };
      }),
    );
    return reply.header("cache-control", "no-store").send({ states: list });
  });
}
