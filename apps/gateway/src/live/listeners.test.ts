import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { framed, Listeners } from "./listeners.ts";

const listeners = new Listeners();
const server = createServer((_, response) => listeners.add(response, {}, framed("first", "0", "{}")));
const clients: Socket[] = [];
afterEach(() => {
  clients.forEach((client) => client.destroy());
  server.close();
});

function listen(): Socket {
  const { port } = server.address() as AddressInfo;
  const client = connect(port).on("error", () => {});
  clients.push(client);
  client.write("GET / HTTP/1.1\r\nhost: here\r\n\r\n");
  return client;
}

it("a listener that does not read is dropped, and costs the others nothing", async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const [reader] = [listen(), listen().pause()];
  let read = "";
  reader?.setEncoding("utf8").on("data", (text: string) => (read += text));
  while (listeners.size < 2) await pause(5);
  const text = "x".repeat(100_000);
  for (let id = 1; id <= 200; id += 1) {
    listeners.send(framed("event", String(id), text));
    while (!read.includes(`id: ${id}\ndata: ${text}\n\n`)) await pause(1);
    read = "";
  }
  expect(listeners).toMatchObject({ size: 1, dropped: 1 });
  read = "";
  listeners.end(framed("goodbye", "201", "{}"));
  if (reader) await once(reader, "close");
  expect(read).toBe("event: goodbye\nid: 201\ndata: {}\n\n");
});
