import { forecastFrom, stateNames, states } from "@weather/contracts";
import type { Clusters } from "@weather/process";
import type { FastifyInstance } from "fastify";

/** `GET /v1/states`: the states with their servers and waiting requests; null if the state's cluster does not answer. */
export function statesRoute(http: FastifyInstance, clusters: Clusters): void {
  http.get("/v1/states", async (_, reply) => {
    const list = await Promise.all(
      stateNames.map(async (state) => {
        const broker = clusters.of(state).connectedBroker;
        const place = { state, ...states[state], reachable: broker !== undefined };
        if (!broker) return { ...place, servers: null, waiting: null };
        const counts = await broker.counts(forecastFrom(state));
        return { ...place, servers: counts?.servers ?? 0, waiting: counts?.waiting ?? 0 };
      }),
    );
    return reply.header("cache-control", "no-store").send({ states: list });
  });
}
