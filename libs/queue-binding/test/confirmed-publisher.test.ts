import { expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { Connection } from "../src/connection/connection.ts";
import { ConfirmedPublisher } from "../src/connection/confirmed-publisher.ts";
import { ForeignClient } from "./foreign-client.ts";
import { test } from "./sports.ts";

test("what is to go elsewhere, or back into the queue, waits for a connection that was lost just now", async ({
  vhost,
  afterwards,
}) => {
  const foreign = await ForeignClient.connect(vhost.url);
  afterwards(() => foreign.close());
  const connection = await Connection.open(vhost.url, { name: "server" });
  const channels = new ConfirmedPublisher(connection);
  afterwards(() => connection.close());
  const publish = (correlationId: string) =>
    channels.publish({ exchange: "", routingKey: foreign.queue }, Buffer.from("{}"), { correlationId });
  await publish("1");
  const closed = until("the broker knows it", async () => (await vhost.closeConnections("server")) === 1);
  await until("it is lost", () => !connection.connected);
  await publish("2");
  await closed;
  expect(await foreign.reply("2")).toEqual({});
  await channels.close();
});
