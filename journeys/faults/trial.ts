import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { connect, type Broker } from "@weather/queue-binding";
import { AppProcess, FaultProxy, type Vhost } from "@weather/testing";
import { until } from "@weather/testing/vitest";
import { deadLetters, ohio, test as base } from "../farm.ts";
import { Load, type Account, type LoadOptions } from "./load.ts";
import { write } from "./matrix.ts";

export interface TrialOptions extends Partial<LoadOptions> {
  /** Servers at the beginning. @default 2 */
  servers?: number;
  /** Their program, from the root of the workspace. @default the app */
  program?: string;
  /** Settings of the servers. */
  environment?: Record<string, string>;
  /** Errors that some requests must fail with. Without any, here and below, all of them must be answered. */
  errors?: string[];
  /** Errors that requests may fail with. */
  possibly?: string[];
  /** Requests that may be refused, all of them because they failed. @default 0 */
  refused?: number;
  /** Dead letters at the end. @default 0 */
  kept?: number;
}

/** A farm under load, with proxies to its broker that inject faults. */
export class Trial {
  readonly vhost: Vhost;
  /** The client's line to the broker, and that of all servers. */
  readonly clientProxy: FaultProxy;
  readonly serverProxy: FaultProxy;
  readonly servers: AppProcess[] = [];
  /** Under load. */
  readonly client: Broker;
  /** A second client without a proxy, to look at queues. */
  readonly operator: Broker;
  readonly load: Load;
  readonly #program: string;
  readonly #environment: Record<string, string>;
  #ending = false;

  private constructor(
    vhost: Vhost,
    [clientProxy, serverProxy]: [FaultProxy, FaultProxy],
    [client, operator]: [Broker, Broker],
    { program = "apps/ohio-server/dist/main.js", environment = {} }: TrialOptions,
  ) {
    this.vhost = vhost;
    this.clientProxy = clientProxy;
    this.serverProxy = serverProxy;
    this.client = client;
    this.operator = operator;
    this.load = new Load(client);
    this.#program = program;
    this.#environment = environment;
  }

  static async begin(
    vhost: Vhost,
    options: TrialOptions,
    afterwards: (close: () => unknown) => void,
  ): Promise<Trial> {
    const lines = [await FaultProxy.to(vhost.url), await FaultProxy.to(vhost.url)] as [
      FaultProxy,
      FaultProxy,
    ];
    const client = await connect(through(vhost, lines[0]), { name: "client" });
    const operator = await connect(vhost.url, { name: "operator" });
    const trial = new Trial(vhost, lines, [client, operator], options);
    afterwards(async () => {
      trial.#ending = true;
      await Promise.all(trial.servers.map((server) => server.stop("SIGKILL")));
      await Promise.all([client.drain(), operator.drain()]);
      await Promise.all(lines.map((line) => line.close()));
    });
    await Promise.all(Array.from({ length: options.servers ?? 2 }, () => trial.serve()));
    return trial;
  }

  /** Starts one more server, and waits until it answers. */
  async serve(): Promise<AppProcess> {
    const server = this.start();
    await server.says("ohio-server answers", 60_000);
    return server;
  }

  /** Starts one more server. If it fails, it is started again, as Docker does with `restart: on-failure`. */
  start(): AppProcess {
    const AMQP_URL = through(this.vhost, this.serverProxy);
    const server = AppProcess.run(this.#program, { environment: { AMQP_URL, ...this.#environment } });
    this.servers.push(server);
    void server.ended().then((end) => end === 1 && !this.#ending && this.start());
    return server;
  }

  /** Waits until requests are answered again. Requests during the fault may have failed. */
  async answersAgain(): Promise<void> {
    const answered = () => this.client.ask(ohio, {}).then(({ outcome }) => outcome === "forecast");
    await until("requests are answered again", () => answered().catch(() => false), 30_000);
  }

  /** Every server that runs finishes and exits 0; then nothing is left in any queue but `kept` dead letters. */
  async end(kept: number): Promise<void> {
    this.#ending = true;
    const running = this.servers.filter((server) => server.running);
    // A server that has just been started again cannot handle a stop signal before it answers.
    await Promise.all(running.map((server) => server.says("ohio-server answers", 60_000)));
    const ends = await Promise.all(running.map((server) => server.stop()));
    expect(ends).toEqual(running.map(() => 0));
    const waiting = async (queue: string) => (await this.operator.counts({ queue }))?.waiting ?? 0;
    for (const queue of await this.#queues()) {
      const left = queue === deadLetters.queue ? kept : 0;
      await until(`${left} are left in ${queue}`, async () => (await waiting(queue)) === left, 30_000);
    }
  }

  /** The queues that outlive the process that declared them. */
  async #queues(): Promise<string[]> {
    const all = await this.vhost.manage("GET", `/queues/${this.vhost.name}`);
    // A stream keeps what was read.
    return (all as { name: string; exclusive: boolean; type: string }[])
      .filter(({ exclusive, type }) => !exclusive && type !== "stream")
      .map(({ name }) => name);
  }
}

/** The URL through a proxy, with a heartbeat that detects a lost line within four seconds. */
const through = (vhost: Vhost, line: FaultProxy) => `${line.through(vhost.url)}?heartbeat=2`;

/** The tests of one part of the matrix. */
export function faults(part: string) {
  return (
    fault: string,
    options: TrialOptions,
    during: (trial: Trial, afterwards: (close: () => unknown) => void) => Promise<unknown>,
    test = base,
  ) => {
    const { rate = 100, deadline = 30_000, kept = 0 } = options;
    test(`${part}: ${fault}`, async ({ vhost, afterwards }) => {
      const trial = await Trial.begin(vhost, options, afterwards);
      trial.load.start({ rate, deadline });
      await pause(500);
      await during(trial, afterwards);
      await pause(500);
      const account = await trial.load.stop();
      write({ part, fault, ...account });
      check(account, options);
      await trial.answersAgain();
      await trial.end(kept);
    });
  };
}

/** Checks that sent = answered + refused + failed with an expected error, and that none is lost. */
function check(account: Account, { errors = [], possibly = [], refused = 0 }: TrialOptions): void {
  const failures = Object.values(account.failed).reduce((sum, count) => sum + count, 0);
  expect(account.lost).toBe(0);
  expect(account.answered + account.refused + failures).toBe(account.sent);
  const names = Object.keys(account.failed);
  expect(names).toEqual(expect.arrayContaining(errors));
  expect(names.filter((name) => ![...errors, ...possibly].includes(name))).toEqual([]);
  expect(account.refused).toBe(refused);
  expect(account.answered).toBeGreaterThan(0);
}
