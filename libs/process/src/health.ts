import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { cannotListen } from "./bad-settings.ts";
import type { BrokerState, Metrics } from "./metrics.ts";
import type { ProcessSettings } from "./settings.ts";

/** State of the process's work, for its probes. */
export interface Probes {
  /** Whether the work makes progress. If not, `/livez` fails, and Docker or Kubernetes restarts the process. @default true */
  live?: () => boolean;
  /** Whether it can take work now. If not, `/readyz` fails. @default true */
  ready?: () => boolean;
}

/** The probes and metrics of a process: `/livez`, `/readyz` and `/metrics`. */
export class Health {
  readonly metrics: Metrics;
  #broker: BrokerState | undefined;
  #probes: Probes | undefined;
  readonly #http: Server;

  private constructor(metrics: Metrics) {
    this.metrics = metrics;
    // A probe is one short request. A slower client only holds a connection.
    this.#http = createServer({ requestTimeout: 10_000 }, (request, response) => {
      void this.answer(request.url ?? "").then(([status, type, body]) => {
        response.writeHead(status, { "content-type": type });
        response.end(body);
      });
    });
    this.#http.maxConnections = 1_000;
  }

  /** Probes without a port of their own. The program's own server passes its requests to {@link Health.answer}. */
  static async silent(labels: Readonly<Record<string, string>> = {}): Promise<Health> {
    // Loaded only if it is used, so that a process starts quickly.
    const { Metrics } = await import("./metrics.ts");
    return new Health(new Metrics(labels));
  }

  /** Opens the port. A process that waits for its broker is live, but not ready. @throws {BadSettings} if it cannot listen */
  static async open(
    { HEALTH_PORT, HEALTH_HOST }: Pick<ProcessSettings, "HEALTH_PORT" | "HEALTH_HOST">,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<Health> {
    const health = await Health.silent(labels);
    health.#http.listen({ port: HEALTH_PORT, ...(HEALTH_HOST && { host: HEALTH_HOST }) });
    await once(health.#http, "listening").catch((error: NodeJS.ErrnoException) => {
      throw cannotListen("HEALTH", error);
    });
    return health;
  }

  /** Includes a broker connection in the probes and metrics. */
  watch(broker: BrokerState): void {
    this.#broker = broker;
    this.metrics.watch(broker);
  }

  /** Includes the process's work in the probes. */
  serves(probes: Probes): void {
    this.#probes = probes;
  }

  /** Closes the port and its connections. */
  close(): void {
    this.#http.close();
    this.#http.closeAllConnections();
  }

  get #live(): boolean {
    if (this.#broker && !this.#broker.alive) return false;
    return this.#probes?.live?.() ?? true;
  }

  get #ready(): boolean {
    if (!this.#probes) return false;
    const broker = this.#broker;
    if (broker && (!broker.connected || broker.blocked !== undefined)) return false;
    return this.#probes.ready?.() ?? true;
  }

  get #unreachable(): string {
    const states = this.#broker?.unreachable ?? [];
    return states.length > 0 ? `no broker for ${states.join(", ")}\n` : "";
  }

  /** The answer to a probe or to Prometheus. @param path `/livez`, `/readyz` or `/metrics` */
  async answer(path: string): Promise<[status: number, type: string, body: string]> {
    const probe = (well: boolean, more = "") =>
      [well ? 200 : 503, "text/plain", `${well ? "ok" : "not now"}\n${more}`] as [number, string, string];
    if (path === "/livez") return probe(this.#live);
    if (path === "/readyz") return probe(this.#ready, this.#unreachable);
    if (path === "/metrics") return [200, this.metrics.contentType, await this.metrics.text()];
    return [404, "text/plain", "there are /livez, /readyz and /metrics\n"];
  }
}
