import { deadLetter, forecastFrom, observations, stateNames } from "@weather/contracts";
import { connectTo } from "@weather/process/connect";
import type { Broker } from "@weather/queue-binding";
import getPort from "get-port";
import { AppProcess } from "@weather/local-broker";
import type { FoundBroker } from "./find-broker.ts";

export const serversPerState = 2;

/** Every queue that a farm declares and that outlives its processes. */
const queues = [...stateNames.map((state) => forecastFrom(state).queue), deadLetter, observations.queue];

/** Servers of every state and a gateway, each a process of its own. */
export class Farm {
  /** Where the gateway answers HTTP, such as `http://127.0.0.1:8080`. */
  gateway = "";
  /** The port that the gateway should have, if it is in use or not allowed. Then the gateway has another one. */
  unavailablePort: number | undefined;
  readonly servers: { app: string; process: AppProcess }[] = [];
  readonly #found: FoundBroker;
  #stopping = false;
  /** Queues that existed before. Undefined until the broker was asked. */
  #before: Set<string> | undefined;

  constructor(found: FoundBroker) {
    this.#found = found;
  }

  /**
   * Starts the servers, and resolves when all of them answer.
   *
   * @param onLine is called with each line that a server writes, and with its name and process id
   * @throws if one of them ends before it answers, with its output
   */
  async start(onLine: (server: string, line: string) => void): Promise<void> {
    await this.#housekeep(async (broker) => {
      this.#before = new Set();
      for (const queue of queues) if (await broker.counts({ queue })) this.#before.add(queue);
    });
    for (const state of stateNames) {
      for (let count = 0; count < serversPerState; count += 1) {
        const app = `${state}-server`;
        const server = AppProcess.start(app, { environment: { ...process.env, AMQP_URL: this.#found.url } });
        const name = `${app} ${server.pid}`;
        server.onLine((line) => onLine(name, line));
        void server.ended().then((end) => {
          if (!this.#stopping) onLine(name, `ended by itself (${end}), and is not started again`);
        });
        this.servers.push({ app, process: server });
      }
    }
    const started = this.servers.map(({ app, process }) => process.says(`${app} answers`));
    await Promise.all([...started, this.#startGateway(onLine)]);
  }

  async #startGateway(onLine: (server: string, line: string) => void): Promise<void> {
    const { GATEWAY_PORT: wanted = "8080" } = process.env;
    // The gateway itself refuses a value that is not a port.
    const isPort = /^\d+$/.test(wanted) && Number(wanted) <= 65_535;
    const port = isPort ? await getPort({ port: Number(wanted), host: "127.0.0.1" }) : wanted;
    if (isPort && port !== Number(wanted) && Number(wanted) !== 0) this.unavailablePort = Number(wanted);
    this.gateway = `http://127.0.0.1:${port}`;
    const gateway = AppProcess.start("gateway", {
      environment: { ...process.env, AMQP_URL: this.#found.url, AMQP_ROUTES: "", GATEWAY_PORT: `${port}` },
    });
    gateway.onLine((line) => onLine("gateway", line));
    this.servers.push({ app: "gateway", process: gateway });
    await gateway.says("gateway answers");
  }

  /** Drains the servers, and removes from a shared broker the queues that this farm made. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.servers.map(({ process }) => process.stop()));
    const before = this.#before;
    if (!this.#found.shared || !before) return;
    await this.#housekeep(async (broker) => {
      for (const queue of queues.filter((name) => !before.has(name))) {
        if (queue === observations.queue) await broker.removeStream(observations);
        else await broker.remove(queue);
      }
    });
  }

  async #housekeep(work: (broker: Broker) => Promise<void>): Promise<void> {
    const broker = await connectTo({ AMQP_URL: this.#found.url }, { name: "weather: housekeeping" });
    try {
      await work(broker);
    } finally {
      await broker.drain();
    }
  }
}
