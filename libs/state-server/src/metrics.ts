import type { FarmReply } from "@weather/contracts";
import type { Metrics } from "@weather/process";
import type { Settled } from "@weather/queue-binding";
import { Counter, Gauge, Histogram } from "prom-client";
import { nameOfOutcome } from "./server-status.ts";

/** The state of the event loops that answer requests. */
export interface ServerState {
  /** Requests that are being handled. */
  readonly inFlight: number;
  /** Requests in the local queue. */
  readonly waiting: number;
}

/** The state of the observations. */
export interface ObservedState {
  /** Seconds since the end of the newest observed day; NaN if none is known. */
  readonly age: number;
  /** Number of observations, by their outcome. */
  readonly counts: readonly (readonly [verdict: string, count: number])[];
}

/** The Prometheus metrics of requests. */
export class RequestMetrics {
  readonly #metrics: Metrics;
  readonly #requests;
  readonly #duration;
  readonly #redeliveries;
  readonly #deadLetters;
  readonly #returned;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    const registers = [metrics.registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.#requests = new Counter({
      name: "weather_requests_total",
      help: "Requests by outcome: forecast, risk, refused, expired, cancelled, requeued, dead-lettered or lost (with the connection; delivered again)",
      labelNames: ["outcome"],
      registers,
    });
    this.#duration = new Histogram({
      name: "weather_request_duration_seconds",
      help: "Seconds from the start of a request to its settlement",
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#redeliveries = counter(
      "weather_redeliveries_total",
      "Requests that had been delivered before, to this server or another",
    );
    this.#deadLetters = counter("weather_dead_letters_total", "Requests that this server has dead-lettered");
    this.#returned = counter(
      "weather_replies_returned_total",
      "Replies that the broker returned, because their callers have gone",
    );
  }

  count(settled: Settled<FarmReply>): void {
    const { outcome, attempt, milliseconds } = settled;
    this.#requests.inc({ outcome: nameOfOutcome(settled) });
    this.#duration.observe(milliseconds / 1_000);
    if (attempt > 1) this.#redeliveries.inc();
    if (outcome === "dead-lettered") this.#deadLetters.inc();
  }

  /** Counts a reply that the broker returned. */
  returned(): void {
    this.#returned.inc();
  }

  /** Adds the metrics of observations. They are read at each scrape. */
  observe(observed: ObservedState): void {
    this.#metrics.gauge(
      "weather_newest_observation_age_seconds",
      "Seconds since the end of the newest observed day; NaN if there is no observation",
      () => observed.age,
    );
    const help = "Messages of the stream of observations by outcome; only new and revised ones are used";
    const totals = new Gauge({
      name: "weather_observations",
      help,
      labelNames: ["verdict"],
      registers: [this.#metrics.registry],
      collect() {
        for (const [verdict, count] of observed.counts) totals.set({ verdict }, count);
      },
    });
  }

  /** Adds the metrics of a server. They are read at each scrape. */
  watch(server: ServerState): void {
    this.#metrics.gauge(
      "weather_requests_in_flight",
      "Requests that are being handled",
      () => server.inFlight,
    );
    this.#metrics.gauge(
      "weather_local_queue_length",
      "Requests that were delivered to this server and are not begun",
      () => server.waiting,
    );
  }
}
