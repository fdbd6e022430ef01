import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Reply, StateName } from "@weather/contracts";
import type { Settled } from "@weather/queue-binding";
import type { Metrics } from "./metrics.ts";
import { BadSettings, type Settings } from "./settings.ts";

/** What is known of a connection to the broker. */
export interface BrokerState {
  readonly connected: boolean;
  /** Why the broker takes no messages at present; nothing while it does. */
  readonly blocked: string | undefined;
  readonly reconnections: number;
}

/** What is known of the event loops that answer requests. */
export interface ServerState {
  /** Whether requests can come: subscribed, not draining. */
  readonly listening: boolean;
  /** Requests that are worked on. */
  readonly inFlight: number;
  /** Requests in the local queue. */
  readonly waiting: number;
}

/** A server as it is seen from outside: `/livez`, `/readyz` and `/metrics`. */
export class Health {
  readonly #idleTimeout: number;
  readonly #metrics: Metrics;
  #lastTurn = performance.now();
  #broker: BrokerState | undefined;
  #server: ServerState | undefined;
  #http: Server | undefined;

  private constructor(idleTimeout: number, metrics: Metrics) {
    this.#idleTimeout = idleTimeout;
    this.#metrics = metrics;
  }

  /** Begins to answer: a server that waits for its broker lives, but is not ready. @throws {BadSettings} if the port is taken */
  static async open(
    port: number,
    { state, settings }: { state: StateName; settings: Settings },
  ): Promise<Health> {
    // Loaded only where it is wanted, for the sake of a quick start.
    const { Metrics } = await import("./metrics.ts");
    const health = new Health(settings.IDLE_TIMEOUT, new Metrics(state));
    await health.#listen(port);
    return health;
  }

  /** From now on it serves: this is looked at whenever somebody asks. */
  serves(broker: BrokerState, server: ServerState): void {
    // The wait for the broker, however long it was, is none of the event loops'.
    this.turned();
    this.#broker = broker;
    this.#server = server;
    this.#metrics.watch(broker, server);
  }

  /** An event loop has turned. */
  turned(): void {
    this.#lastTurn = performance.now();
  }

  /** An event loop has turned with a request. */
  settled(settled: Settled<Reply>): void {
    this.turned();
    this.#metrics.count(settled);
  }

  close(): void {
    this.#http?.close();
  }

  /** The event loops turn, with a request or without one. If the process is blocked, nobody answers at all. */
  get #live(): boolean {
    return this.#server === undefined || performance.now() - this.#lastTurn < 2 * this.#idleTimeout;
  }

  get #ready(): boolean {
    return (
      this.#broker?.connected === true &&
      this.#broker.blocked === undefined &&
      this.#server?.listening === true
    );
  }

  async #answer(path: string): Promise<[status: number, type: string, body: string]> {
    const probe = (well: boolean) =>
      [well ? 200 : 503, "text/plain", well ? "ok\n" : "not now\n"] as [number, string, string];
    if (path === "/livez") return probe(this.#live);
    if (path === "/readyz") return probe(this.#ready);
    if (path === "/metrics") return [200, this.#metrics.contentType, await this.#metrics.text()];
    return [404, "text/plain", "there are /livez, /readyz and /metrics\n"];
  }

  async #listen(port: number): Promise<void> {
    this.#http = createServer((request, response) => {
      void this.#answer(request.url ?? "").then(([status, type, body]) => {
        response.writeHead(status, { "content-type": type });
        response.end(body);
      });
    });
    this.#http.listen(port);
    await once(this.#http, "listening").catch((error: Error) => {
      throw new BadSettings(`HEALTH_PORT: ${error.message}`);
    });
  }
}
