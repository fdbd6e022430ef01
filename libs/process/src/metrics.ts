import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

/** The state of a connection to the broker. */
export interface BrokerState {
  /** Whether there is a connection, or one is being opened. */
  readonly alive: boolean;
  readonly connected: boolean;
  /** Why the broker takes no messages at present. Nothing while it takes them. */
  readonly blocked: string | undefined;
  readonly reconnections: number;
  /** States whose cluster is not connected now, if there are several clusters. */
  readonly unreachable?: readonly string[];
}

/** The Prometheus metrics of every process. Names follow prometheus.io/docs/practices/naming. */
export class Metrics {
  /** Registry, to which a process adds its own metrics. */
  readonly registry = new Registry();

  /** @param labels labels of every metric */
  constructor(labels: Readonly<Record<string, string>>) {
    this.registry.setDefaultLabels(labels);
    // The default metrics include nodejs_eventloop_lag_seconds. Ten samples a second cost an idle process little.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 100 });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The metrics in Prometheus's text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** A value that goes up and down. @param value read at each scrape */
  gauge(name: string, help: string, value: () => number): void {
    const collect = (gauge: Gauge) => gauge.set(value());
    new Gauge({ name, help, registers: [this.registry], collect: read(collect) });
  }

  /** A value that only goes up. @param value read at each scrape */
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
      "Reconnections to the broker",
      () => broker.reconnections,
    );
    if (!broker.unreachable) return;
    this.gauge(
      "weather_states_unreachable",
      "States whose broker is not connected",
      () => broker.unreachable?.length ?? 0,
    );
  }
}

/** Turns a function of a metric into the method that prom-client calls with the metric as `this`. */
function read<Metric>(collect: (metric: Metric) => void) {
  return function (this: Metric) {
    collect(this);
  };
}
