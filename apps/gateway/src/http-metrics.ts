import type { FastifyInstance } from "fastify";
import { Histogram, type Registry } from "prom-client";

/** Counts and times what is answered, by route and status: OpenTelemetry's `http.server.request.duration`. */
export function measure(http: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "HTTP requests, from their head to the end of their answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  http.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "none";
    const { method } = request;
    duration.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
}
