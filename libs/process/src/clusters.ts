import { unwatchFile, watchFile } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { AccessRefusedError, withoutPasswords, type Broker, type Log } from "@weather/queue-binding";
import { BadSettings } from "./bad-settings.ts";
import { Cluster } from "./cluster.ts";
import type { BrokerSettings } from "./connect.ts";
import type { BrokerState } from "./metrics.ts";
import { routesFrom, type Routes, type RoutesSettings } from "./routes.ts";
import { onHangup } from "./stop.ts";

export type { Cluster };

export interface ClustersOptions {
  readonly settings: RoutesSettings;
  /** States to whose clusters this process connects. */
  readonly states: readonly string[];
  /** States that may have a route. @default those that this process needs */
  readonly routable?: readonly string[];
  readonly connect: (cluster: BrokerSettings, signal: AbortSignal) => Promise<Broker>;
  readonly log: Log;
}

/** How long the other clusters may take to connect once the first one has, in milliseconds. */
const patience = 1_000;
/** How long a cluster that no state uses any more may take to answer, in milliseconds: a little more than the longest deadline. */
const retirement = 330_000;

/** The clusters of `AMQP_ROUTES` or, without it, the one of `AMQP_URL`. A cluster that is down does not affect the others. */
export class Clusters implements BrokerState {
  readonly #options: ClustersOptions;
  readonly #clusters = new Map<string, Cluster>();
  readonly #retiring = new Set<Promise<void>>();
  #routes: Routes;
  /** Called when the routes have changed. */
  #changed = () => {};
  /** Reconnections of clusters that are closed. */
  #past = 0;

  /** @throws {BadSettings} if the file cannot be read, or its content is wrong */
  constructor(options: ClustersOptions) {
    this.#options = options;
    this.#routes = this.#read();
  }

  #read(): Routes {
    const { settings, states, routable = states } = this.#options;
    return routesFrom(settings, routable);
  }

  /** The cluster of a state. Without an argument, the cluster of states without a route. */
  of(state?: string): Cluster {
    const settings = this.#routes.of(state);
    // The order of a cluster's nodes has no meaning.
    const key = [...settings.AMQP_URL.split(",").sort(), settings.AMQP_PASSWORD_FILE].join();
    const known = this.#clusters.get(key);
    if (known) return known;
    const { connect } = this.#options;
    const address = addressOf(settings);
    const cluster = new Cluster(address, (signal) => connect(settings, signal));
    this.#clusters.set(key, cluster);
    return cluster;
  }

  /** The clusters that serve these states. @default all states of this process */
  serving(states = this.#options.states): Cluster[] {
    return [...new Set(states.map((state) => this.of(state)))];
  }

  /**
   * Connects to the clusters that serve these states. Resolves one second after the first cluster is connected, or when all
   * are. If the routes change meanwhile, it continues with the new ones.
   *
   * @throws the error of the first cluster, if no cluster can be used
   */
  async open(states?: readonly string[]): Promise<void> {
    let opening: Promise<Broker>[];
    let routes: Routes;
    do {
      routes = this.#routes;
      opening = this.serving(states).map((cluster) => cluster.open());
      const changed = new Promise<void>((resolve) => (this.#changed = resolve));
      await Promise.race([Promise.any(opening), changed]).catch(({ errors }: AggregateError) => {
        if (routes === this.#routes) throw errors[0];
      });
    } while (routes !== this.#routes);
    this.#tellFailures(opening);
    await Promise.race([Promise.allSettled(opening), pause(patience, undefined, { ref: false })]);
  }

  /** Logs clusters that refuse the connection. The next request tries them again. A cluster that is down is tried for ever. */
  #tellFailures(opening: readonly Promise<Broker>[]): void {
    const { log } = this.#options;
    for (const attempt of opening) {
      attempt.catch((error: Error) => {
        const unusable = error instanceof AccessRefusedError || error instanceof BadSettings;
        if (unusable) log.error({ reason: error.message }, "a cluster cannot be used");
      });
    }
  }

  /** Reads the file again when it changes, and at SIGHUP. */
  follow(): void {
    const { AMQP_ROUTES } = this.#options.settings;
    if (!AMQP_ROUTES) return;
    // Reads the file's state once a second, because Kubernetes and editors replace a file, and a file system watch misses that.
    watchFile(AMQP_ROUTES, { interval: 1_000, persistent: false }, this.#reload);
    onHangup(this.#reload);
  }

  readonly #reload = () => {
    const { log } = this.#options;
    const before = this.#routes.text;
    try {
      this.#routes = this.#read();
    } catch (error) {
      log.error({ reason: (error as Error).message }, "the routes stay as they were");
      return;
    }
    if (this.#routes.text === before) return;
    this.#changed();
    const used = new Set(this.serving());
    for (const [key, cluster] of this.#clusters) {
      if (used.has(cluster)) continue;
      this.#clusters.delete(key);
      this.#retire(cluster);
    }
    this.#tellFailures(this.serving().map((cluster) => cluster.open()));
    log.info({ brokers: [...used].map(({ address }) => address) }, "routes changed");
  };

  #retire(cluster: Cluster): void {
    this.#past += cluster.known?.reconnections ?? 0;
    const retired = cluster.drain(retirement).finally(() => this.#retiring.delete(retired));
    this.#retiring.add(retired);
  }

  /** Closes all connections, after the replies of requests that were sent. @param timeout in milliseconds */
  async drain(timeout?: number): Promise<void> {
    const { AMQP_ROUTES } = this.#options.settings;
    if (AMQP_ROUTES) unwatchFile(AMQP_ROUTES, this.#reload);
    await Promise.all([
      ...this.#retiring,
      ...[...this.#clusters.values()].map((cluster) => cluster.drain(timeout)),
    ]);
  }

  /** States whose cluster is not connected now. */
  get unreachable(): string[] {
    return this.#options.states.filter((state) => !this.of(state).connected);
  }

  get #brokers(): Broker[] {
    return this.serving().flatMap(({ known }) => known ?? []);
  }

  get alive(): boolean {
    return this.#brokers.every(({ alive }) => alive);
  }

  /** Whether at least one cluster is connected. */
  get connected(): boolean {
    return this.#brokers.some(({ connected }) => connected);
  }

  /** Why no cluster takes messages at present. Nothing while one does. */
  get blocked(): string | undefined {
    const connected = this.#brokers.filter((broker) => broker.connected);
    return connected.every(({ blocked }) => blocked !== undefined) ? connected[0]?.blocked : undefined;
  }

  get reconnections(): number {
    return this.#brokers.reduce((sum, { reconnections }) => sum + reconnections, this.#past);
  }
}

/** The URL without passwords, for messages. A wrong URL is reported later, by the connection. */
function addressOf({ AMQP_URL }: BrokerSettings): string {
  try {
    return withoutPasswords(AMQP_URL);
  } catch {
    return "AMQP_URL";
  }
}
