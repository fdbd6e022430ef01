import { AccessRefusedError, connect, BrokerUnreachableError } from "@weather/queue-binding";
import {
  canInstallRabbitMqServer,
  findRabbitMqServer,
  installRabbitMqServer,
  PrivateBroker,
} from "@weather/local-broker";
import { runningServices, startInDocker } from "./docker-broker.ts";

/** A RabbitMQ to work with. */
export interface FoundBroker {
  url: string;
  /** The URL for output, without a secret password. */
  shown: string;
  /** Whether it ran before, and must not be stopped. */
  shared: boolean;
  /** Stops it if it was started here. */
  release: () => Promise<void>;
}

/** There is no RabbitMQ on this machine, and no way to start one. */
export class NoBroker extends Error {
  override readonly name = "NoBroker";
}

/** The broker of every program without an AMQP_URL. */
export const local = "amqp://guest:guest@localhost:5672";

/**
 * Finds a RabbitMQ or starts one: the one of `AMQP_URL`, a broker on this machine, this machine's rabbitmq-server as a private
 * node, RabbitMQ in Docker, or, as root on Debian, Debian's package.
 *
 * @param named the value of `AMQP_URL`. If it is set, no other broker is used or started
 * @param say prints progress
 * @param keep whether a private node listens at localhost:5672, if that is free, so that other programs find it
 * @throws {NoBroker}
 */
export async function findBroker(
  named: string | undefined,
  say: (text: string) => void,
  keep: boolean,
): Promise<FoundBroker> {
  const stays = { shared: true, release: async () => {} };
  if (named) {
    say("RabbitMQ: the one that AMQP_URL names");
    return { url: named, shown: "…", ...stays };
  }
  if (await answers(local)) {
    say("RabbitMQ: the one on localhost:5672");
    return { url: local, shown: local, ...stays };
  }
  const server = findRabbitMqServer();
  if (server) return startPrivate(server, say, keep);
  const services = await runningServices();
  if (services) return startInDocker(services, say);
  if (canInstallRabbitMqServer()) {
    say("RabbitMQ: none here, installing Debian's rabbitmq-server (no service of it is left running)");
    return startPrivate(installRabbitMqServer(), say, keep);
  }
  throw new NoBroker(
    "there is no RabbitMQ here. Install rabbitmq-server (Debian, Ubuntu: apt-get install rabbitmq-server; " +
      "macOS: brew install rabbitmq), or start Docker, or name a broker in AMQP_URL.",
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await connect(url, { name: "weather: looking for a broker" })).drain();
    return true;
  } catch (error) {
    if (error instanceof BrokerUnreachableError || error instanceof AccessRefusedError) return false;
    throw error;
  }
}

async function startPrivate(
  server: string,
  say: (text: string) => void,
  keep: boolean,
): Promise<FoundBroker> {
  say(`RabbitMQ: starting ${server} as a private node`);
  const port = Number(new URL(local).port);
  const broker = await PrivateBroker.start({ server, ...(keep && { port }) });
  const url = broker.port === port ? local : broker.url;
  return { url, shown: url, shared: false, release: () => broker.stop() };
}
