import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

/** What is known of a connection to the broker. */
export interface BrokerState {
  /** Whether there is a connection or one is being tried. */
  readonly alive: boolean;
  readonly connected: boolean;
  /** Why the broker takes no messages at present; nothing while it does. */
  readonly blocked: string | undefined;
  readonly reconnections: number;
}

/** What Prometheus is told of any process, named after its conventions (prometheus.io/docs/practices/naming). */
export class Metrics {
  /** A process registers its own metrics here. */
  readonly registry = new Registry();

  /** @param labels of every metric */
  constructor(labels: Readonly<Record<string, string>>) {
    this.registry.setDefaultLabels(labels);
    // Among them nodejs_eventloop_lag_seconds. Looked at ten times a second, so that an idle process stays idle.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 100 });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The metrics in Prometheus's text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** A figure that goes up and down. @param value is read whenever the metrics are asked for */
  gauge(name: string, help: string, value: () => number): void {
    const collect = (gauge: Gauge) => gauge.set(value());
    new Gauge({ name, help, registers: [this.registry], collect: read(collect) });
  }

  /** A figure that only goes up. @param value is read whenever the metrics are asked for */
  total(name: string, help: string, value: () => number): void {
    const collect = (counter: Counter) => {
      counter.reset();
      counter.inc(value());
    };
    new Counter({ name, help, registers: [this.registry], collect: read(collect) });
  }

  watch(broker: BrokerState): void {
    this.gauge("weather_broker_connected", "Whether there is a connection to the broker", () =>
      Number(broker.connected),
    );
    this.total(
      "weather_broker_reconnections_total",
      "Connections to the broker after the first",
      () => broker.reconnections,
    );
  }
}

/** prom-client hands the metric over as `this`. */
function read<Metric>(collect: (metric: Metric) => void) {
  return function (this: Metric) {
    collect(this);
  };
}
