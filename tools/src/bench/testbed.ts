import { setTimeout as pause } from "node:timers/promises";
import amqplib from "amqplib";
import getPort from "get-port";
import { forecastFrom } from "@weather/contracts";
import type { Conversation } from "@weather/queue-binding";
import { AppProcess, PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { bundlePrograms, climate, nodeOptions, programs } from "./bundle.ts";
import { echoFrom } from "./echo.ts";
import { LoadProcess } from "./load-process.ts";
import type { Answered } from "./answered.ts";
import type { Contender, Workload } from "./load.ts";
import { usage, type Measured } from "./measured.ts";

export type QueueType = "quorum" | "classic";

/** Runs a suite with a broker of its own. */
export async function withBroker(suite: (broker: PrivateBroker) => Promise<void>): Promise<void> {
  await bundlePrograms();
  const broker = await PrivateBroker.start({ server: serverForTests() });
  try {
    await suite(broker);
  } finally {
    await broker.stop();
  }
}

/**
 * Starts a program as in its image, and measures the time to its first yes on /readyz.
 *
 * @throws if the program ends before, with its output
 */
export async function startReady(
  program: string,
  port: "GATEWAY_PORT" | "HEALTH_PORT",
  environment: Record<string, string>,
): Promise<{ process: AppProcess; url: string; milliseconds: number }> {
  const free = await getPort();
  const url = `http://127.0.0.1:${free}`;
  const began = performance.now();
  const process = AppProcess.run(program, { environment: { ...environment, [port]: String(free) } });
  const ready = () => fetch(`${url}/readyz`).then(({ ok }) => ok).catch(() => false); // prettier-ignore
  while (!(await ready())) {
    if (!process.running) {
      await process.ended();
      throw new Error(
        [`${program} ended before it was ready:`, ...process.output, ...process.errors].join("\n"),
      );
    }
    await pause(2);
  }
  return { process, url, milliseconds: performance.now() - began };
}

/** Servers and a client, on a virtual host of their own. */
export class Testbed {
  readonly url: string;
  readonly servers: AppProcess[] = [];
  readonly client: LoadProcess<Workload, Answered>;
  readonly #broker: PrivateBroker;

  private constructor(broker: PrivateBroker, url: string, client: LoadProcess<Workload, Answered>) {
    this.#broker = broker;
    this.url = url;
    this.client = client;
  }

  static async start(broker: PrivateBroker, name: string, contender: Contender = "ours"): Promise<Testbed> {
    await broker.ctl("add_vhost", name);
    await broker.ctl("set_permissions", "-p", name, "guest", ".*", ".*", ".*");
    const url = `${broker.url}/${name}`;
    return new Testbed(broker, url, await LoadProcess.start(programs.load, contender, url));
  }

  /** A server of either contender that answers with a forecast which was made before. */
  async serveReadily(contender: Contender, type: QueueType): Promise<void> {
    // Our server declares its queue itself, or uses an existing one.
    if (contender === "raw" || type === "classic") await this.#declare(forecastFrom("ohio"), type);
    await this.serve(contender === "raw" ? programs.rawServer : programs.ourServer, [climate]);
  }

  /** @param name of the echo */
  async serveEcho(name: string, contender: Contender = "ours"): Promise<AppProcess> {
    if (contender === "raw") await this.#declare(echoFrom(name), "quorum");
    return this.serve(programs.echoServer, [contender, name]);
  }

  /** Ohio's server as Compose starts it, its metrics on. */
  async serveOhio(settings: Record<string, string>): Promise<void> {
    const HEALTH_PORT = String(await getPort());
    await this.serve(programs.ohioServer, [], { NODE_OPTIONS: nodeOptions, HEALTH_PORT, ...settings });
  }

  async serve(
    program: string,
    words: string[],
    environment: Record<string, string> = {},
  ): Promise<AppProcess> {
    const server = AppProcess.run(program, {
      arguments: words,
      environment: { AMQP_URL: this.url, ...environment },
    });
    this.servers.push(server);
    await server.says("-server answers");
    return server;
  }

  /** Runs a load and measures its cost. CPU is in seconds per 10,000 requests, memory in MB. */
  async measure(load: Workload): Promise<Measured> {
    const pids = [this.client.pid, this.#broker.pid, ...this.servers.map(({ pid }) => pid)];
    const before = await Promise.all(pids.map(usage));
    const answered = await this.client.ask(load);
    const after = await Promise.all(pids.map(usage));
    const [client = NaN, broker = NaN, ...servers] = after.map(
      ({ cpu }, index) => ((cpu - (before[index]?.cpu ?? NaN)) / answered.answered) * 10_000,
    );
    const [clientRss = NaN, brokerRss = NaN, serverRss = NaN] = after.map(({ rss }) => rss);
    const server = servers.reduce((sum, one) => sum + one, 0);
    return { ...answered, client, server, broker, clientRss, serverRss, brokerRss };
  }

  async stop(): Promise<void> {
    this.client.stop();
    await this.stopServers();
  }

  async stopServers(): Promise<(number | NodeJS.Signals)[]> {
    return Promise.all(this.servers.splice(0).map((server) => server.stop()));
  }

  async #declare({ exchange, queue, bindingKey }: Conversation, type: QueueType): Promise<void> {
    const model = await amqplib.connect(this.url);
    const channel = await model.createChannel();
    await channel.assertQueue(queue, { durable: true, arguments: { "x-queue-type": type } });
    await channel.bindQueue(queue, exchange, bindingKey);
    await model.close();
  }
}
