import { expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { Connection } from "../src/connection/connection.ts";
import { ConfirmedPublisher, Unrouted } from "../src/connection/confirmed-publisher.ts";
import { ForeignClient } from "./foreign-client.ts";
import { test as base } from "./sports.ts";

const test = base.extend<{
  foreign: ForeignClient;
  connection: Connection;
  publish: (correlationId: string, properties?: object) => Promise<void>;
}>({
  foreign: async ({ vhost, afterwards }, use) => {
    const foreign = await ForeignClient.connect(vhost.url);
    afterwards(() => foreign.close());
    await use(foreign);
  },
  connection: async ({ vhost, afterwards }, use) => {
    const connection = await Connection.open(vhost.url, { name: "server" });
    afterwards(() => connection.close());
    await use(connection);
  },
  /** Publishes to the foreign client's queue, or a message that no queue takes. */
  publish: async ({ connection, foreign, afterwards }, use) => {
    const publisher = new ConfirmedPublisher(connection, "messages of a test");
    afterwards(() => publisher.close());
    await use((correlationId, properties = {}) => {
      const queue = correlationId.startsWith("lost") ? "no-such-queue" : foreign.queue;
      const address = { exchange: "", routingKey: queue };
      return publisher.publish(address, Buffer.from("{}"), { correlationId, ...properties });
    });
  },
});

test("a message to another queue waits for a connection that has just been lost", async ({
  vhost,
  connection,
  foreign,
  publish,
}) => {
  await publish("1");
  const closed = until("the broker knows it", async () => (await vhost.closeConnections("server")) === 1);
  await until("it is lost", () => !connection.connected);
  await publish("2");
  await closed;
  expect(await foreign.reply("2")).toEqual({});
});

test("a message that AMQP cannot carry fails alone, and those beside it are confirmed", async ({
  publish,
  foreign,
}) => {
  const bomb = { headers: { table: { "!": "nothing" } } };
  const beside = ["1", "2", "3"].map((id) => publish(id));
  await expect(publish("4", bomb)).rejects.toThrow(TypeError);
  await expect(publish("5", { headers: { large: "x".repeat(70_000) } })).rejects.toThrow(RangeError);
  await Promise.all([...beside, publish("6")]);
  expect(await foreign.reply("6")).toEqual({});
});

test("hundreds of messages at once are confirmed or returned, each by itself, without a warning of a leak", async ({
  publish,
}) => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on("warning", warned);
  const ids = Array.from({ length: 300 }, (_, number) => `${number % 3 === 0 ? "lost" : "kept"}-${number}`);
  // All have one message id, as a sender may choose it.
  const ends = await Promise.allSettled(ids.map((id) => publish(id, { messageId: "mine" })));
  process.off("warning", warned);
  const lost = ids.filter((_, index) => ends[index]?.status === "rejected");
  expect(lost).toEqual(ids.filter((id) => id.startsWith("lost")));
  for (const end of ends) if (end.status === "rejected") expect(end.reason).toBeInstanceOf(Unrouted);
  expect(warnings).toEqual([]);
});
