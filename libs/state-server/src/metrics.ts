import type { Reply, StateName } from "@weather/contracts";
import type { Settled } from "@weather/queue-binding";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { BrokerState, ServerState } from "./health.ts";

/** What Prometheus is told of a server, named after its conventions (prometheus.io/docs/practices/naming). */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests;
  readonly #duration;
  readonly #redeliveries;
  readonly #deadLetters;

  constructor(state: StateName) {
    this.#registry.setDefaultLabels({ state });
    const registers = [this.#registry];
    // Among them nodejs_eventloop_lag_seconds. Looked at ten times a second, so that an idle server stays idle.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 100 });
    this.#requests = new Counter({
      name: "weather_requests_total",
      help: "Requests by what became of them: forecast, risk, refused, expired, cancelled, requeued, dead-lettered or lost (with the connection; delivered again)",
      labelNames: ["outcome"],
      registers,
    });
    this.#duration = new Histogram({
      name: "weather_request_duration_seconds",
      help: "Seconds from the taking of a request to its settlement",
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#redeliveries = new Counter({
      name: "weather_redeliveries_total",
      help: "Requests that were delivered before, to this server or another",
      registers,
    });
    this.#deadLetters = new Counter({
      name: "weather_dead_letters_total",
      help: "Requests that this server has given up and kept",
      registers,
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The metrics in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  count({ outcome, reply, attempt, milliseconds }: Settled<Reply>): void {
    this.#requests.inc({ outcome: outcome === "answered" && reply ? reply.outcome : outcome });
    this.#duration.observe(milliseconds / 1_000);
    if (attempt > 1) this.#redeliveries.inc();
    if (outcome === "dead-lettered") this.#deadLetters.inc();
  }

  /** Looks at these whenever the metrics are asked for. */
  watch(broker: BrokerState, server: ServerState): void {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    gauge("weather_requests_in_flight", "Requests that are worked on", () => server.inFlight);
    gauge(
      "weather_local_queue_length",
      "Requests that the broker has given to this server and that are not begun",
      () => server.waiting,
    );
    gauge("weather_broker_connected", "Whether there is a connection to the broker", () =>
      Number(broker.connected),
    );
    new Counter({
      name: "weather_broker_reconnections_total",
      help: "Connections to the broker after the first",
      registers,
      collect() {
        this.reset();
        this.inc(broker.reconnections);
      },
    });
  }
}
