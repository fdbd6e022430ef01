import { setTimeout as pause } from "node:timers/promises";
import { deadLetter, forecastFrom, type StateName } from "@weather/contracts";
import { connect, type Broker, type BrokerOptions } from "@weather/queue-binding";
import { AppProcess } from "@weather/testing";
import { test as base } from "@weather/testing/vitest";

/** Fixtures for the tests of the farm. Each ends with its test. */
export const test = base.extend<{
  /** Starts a state's server as a process, and waits until it answers. */
  serve: (state: StateName, environment?: Record<string, string>) => Promise<AppProcess>;
  /** Starts a gateway as a process, and waits until it answers. */
  gateway: (environment?: Record<string, string>) => Promise<{ url: string; process: AppProcess }>;
  /** Runs the `weather` command to its end. */
  weather: (...words: string[]) => Promise<{ code: number | string; output: string[]; errors: string[] }>;
  /** A client in this process. */
  client: (options?: Partial<BrokerOptions>) => Promise<Broker>;
}>({
  serve: async ({ vhost, afterwards }, use) => {
    await use(async (state, environment) => {
      const app = `${state}-server`;
      const server = AppProcess.start(app, { environment: { AMQP_URL: vhost.url, ...environment } });
      afterwards(() => server.stop("SIGKILL"));
      await server.says(`${app} answers`);
      return server;
    });
  },
  gateway: async ({ vhost, afterwards }, use) => {
    await use(async (environment) => {
      const process = AppProcess.start("gateway", {
        environment: { AMQP_URL: vhost.url, GATEWAY_PORT: "0", ...environment },
      });
      afterwards(() => process.stop("SIGKILL"));
      await process.says("gateway answers");
      const [, url = ""] = /"url":"([^"]+)"/.exec(process.output.join("\n")) ?? [];
      return { url, process };
    });
  },
  weather: async ({ vhost, afterwards }, use) => {
    await use(async (...words) => {
      const command = AppProcess.start("client", { arguments: words, environment: { AMQP_URL: vhost.url } });
      afterwards(() => command.stop("SIGKILL"));
      return { code: await command.ended(), output: command.output, errors: command.errors };
    });
  },
  client: async ({ vhost, afterwards }, use) => {
    await use(async (options) => {
      const broker = await connect(vhost.url, { name: "journey", ...options });
      afterwards(() => broker.drain());
      return broker;
    });
  },
});

export const ohio = forecastFrom("ohio");
export const virginia = forecastFrom("virginia");

/** Answers a state's requests so slowly that none ends before `end` is called. */
export async function holdRequests(farm: Broker, state: ReturnType<typeof forecastFrom>) {
  let begun = 0;
  const ends = new AbortController();
  const hold = () => {
    begun += 1;
    return pause(60_000, undefined as never, { signal: ends.signal });
  };
  await farm.answer(state, hold, { refuse: () => undefined as never });
  return { begun: () => begun, end: () => ends.abort() };
}

export const deadLetters = { queue: deadLetter };

/**
 * Age that a quorum queue should have before its broker is killed, in milliseconds. RabbitMQ 3.10 never elects a new leader for a
 * younger one.
 */
export const oldEnough = 6_000;
