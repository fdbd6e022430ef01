import type { TestProject } from "vitest/node";
import {
  canInstallRabbitMqServer,
  findRabbitMqServer,
  installRabbitMqServer,
  PrivateBroker,
} from "@weather/local-broker";
import "./provided.ts";

/** Path of the rabbitmq-server program, installed if possible. Tests break brokers, so they never use a shared one. */
export function serverForTests(): string {
  const server = findRabbitMqServer();
  if (server) return server;
  if (!canInstallRabbitMqServer()) {
    throw new Error(
      "the tests need rabbitmq-server on the PATH; on Debian or Ubuntu as root they install it",
    );
  }
  console.log("installing Debian's rabbitmq-server for the tests (no service is left running)");
  return installRabbitMqServer();
}

/** vitest's global set-up: starts one private RabbitMQ node for all test files of a project. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await PrivateBroker.start({ server: serverForTests(), management: true });
  project.provide("broker", { url: broker.url, managementUrl: broker.managementUrl });
  return () => broker.stop();
}
