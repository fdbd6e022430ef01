import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { BadSettings } from "./bad-settings.ts";
import type { BrokerState, Metrics } from "./metrics.ts";
import type { ProcessSettings } from "./settings.ts";

/** What is asked of the work of a process. */
export interface Probes {
  /** Whether it goes on. A process that does not live is started anew. @default true */
  live?: () => boolean;
  /** Whether it can take work now. @default true */
  ready?: () => boolean;
}

/** A process as it is seen from outside: `/livez`, `/readyz` and `/metrics`. */
export class Health {
  readonly metrics: Metrics;
  #broker: BrokerState | undefined;
  #probes: Probes | undefined;
  readonly #http: Server;

  private constructor(metrics: Metrics) {
    this.metrics = metrics;
    // A probe is one line: who needs longer to ask holds a connection for nothing.
    this.#http = createServer({ requestTimeout: 10_000 }, (request, response) => {
      void this.answer(request.url ?? "").then(([status, type, body]) => {
        response.writeHead(status, { "content-type": type });
        response.end(body);
      });
    });
    this.#http.maxConnections = 1_000;
  }

  /** Answers nobody by itself: the program hands {@link Health.answer} what its own server is asked. */
  static async silent(labels: Readonly<Record<string, string>> = {}): Promise<Health> {
    // Loaded only where it is wanted, for the sake of a quick start.
    const { Metrics } = await import("./metrics.ts");
    return new Health(new Metrics(labels));
  }

  /** Begins to answer: a process that waits for its broker lives, but is not ready. @throws {BadSettings} if it cannot listen there */
  static async open(
    { HEALTH_PORT, HEALTH_HOST }: Pick<ProcessSettings, "HEALTH_PORT" | "HEALTH_HOST">,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<Health> {
    const health = await Health.silent(labels);
    health.#http.listen({ port: HEALTH_PORT, ...(HEALTH_HOST && { host: HEALTH_HOST }) });
    await once(health.#http, "listening").catch((error: NodeJS.ErrnoException) => {
      const isPort = error.code === "EADDRINUSE" || error.code === "EACCES";
      throw new BadSettings(`${isPort ? "HEALTH_PORT" : "HEALTH_HOST"}: ${error.message}`);
    });
    return health;
  }

  /** From now on there is a connection to look at. */
  watch(broker: BrokerState): void {
    this.#broker = broker;
    this.metrics.watch(broker);
  }

  /** From now on the process does its work: this is looked at whenever somebody asks. */
  serves(probes: Probes): void {
    this.#probes = probes;
  }

  /** Hangs up, on whoever is connected, too. */
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

  /** What a probe or Prometheus gets. @param path `/livez`, `/readyz` or `/metrics` */
  async answer(path: string): Promise<[status: number, type: string, body: string]> {
    const probe = (well: boolean) =>
      [well ? 200 : 503, "text/plain", well ? "ok\n" : "not now\n"] as [number, string, string];
    if (path === "/livez") return probe(this.#live);
    if (path === "/readyz") return probe(this.#ready);
    if (path === "/metrics") return [200, this.metrics.contentType, await this.metrics.text()];
    return [404, "text/plain", "there are /livez, /readyz and /metrics\n"];
  }
}
