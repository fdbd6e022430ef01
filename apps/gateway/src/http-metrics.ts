import type { Metrics } from "@weather/process";
import type { FastifyInstance } from "fastify";
import { Histogram, type Registry } from "prom-client";
import type { Live } from "./live/live.ts";

/** Takes an answered request. */
export type Measured = (method: string, route: string, status: number, milliseconds: number) => void;

/** Counts and times HTTP requests, by route and status: OpenTelemetry's `http.server.request.duration`. */
export function measuredIn(registry: Registry): Measured {
  const duration = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Seconds from the head of an HTTP request to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (method, route, status, milliseconds) =>
    duration.observe({ method, route, status }, milliseconds / 1_000);
}

/** The methods that OpenTelemetry knows. It calls any other `_OTHER`, so that a client cannot add dozens of metrics. */
const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];

/** Measures what Fastify answers. */
export function measure(http: FastifyInstance, measured: Measured): void {
  http.addHook("onResponse", ({ method, routeOptions }, { statusCode, elapsedTime }, done) => {
    measured(
      methods.includes(method) ? method : "_OTHER",
      routeOptions.url ?? "none",
      statusCode,
      elapsedTime,
    );
    done();
  });
}

/** Counts the listeners of the event stream. */
export function measureListeners({ listeners }: Live, metrics: Metrics): void {
  metrics.gauge("http_live_listeners", "Connections that listen to /v1/live", () => listeners.size);
  metrics.total(
    "http_live_listeners_dropped_total",
    "Connections to /v1/live that were closed because their clients did not read",
    () => listeners.dropped,
  );
}
