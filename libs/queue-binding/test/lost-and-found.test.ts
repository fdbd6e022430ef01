import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { describe, expect } from "vitest";
import { FaultProxy, PrivateBroker } from "@weather/testing";
import { serverForTests } from "@weather/testing/broker";
import { until } from "@weather/testing/vitest";
import { BrokerUnreachableError, connect } from "../src/index.ts";
import { closingNode } from "./closing-node.ts";
import { refuse, sports, test } from "./sports.ts";

describe("a connection", () => {
  for (const together of ["in one packet", "while the client's process is busy"] as const) {
    test(`that is opened and closed ${together} is opened again`, async ({ vhost, afterwards }) => {
      const node = await closingNode(vhost.url, together, 2);
      afterwards(() => node.close());
      const broker = await connect(node.url, { name: "test", patience: 20_000 });
      afterwards(() => broker.drain());
      expect(node.connections()).toBe(3);
      expect([broker.connected, broker.alive]).toEqual([true, true]);
      await broker.answer(sports, () => ({ by: "daemon", says: "" }), { refuse });
      expect(await broker.ask(sports, { team: "Reds" })).toEqual({ by: "daemon", says: "" });
    });
  }

  test("that comes back to a node which is just stopping tries again", async ({ vhost, afterwards }) => {
    const line = await FaultProxy.to(vhost.url);
    const node = await closingNode(line.through(vhost.url), "in one packet", 0);
    afterwards(() => line.close());
    afterwards(() => node.close());
    const broker = await connect(node.url, { name: "test" });
    afterwards(() => broker.drain());
    node.closeNext(2);
    line.cut();
    await until("it is back", () => broker.connected && broker.reconnections === 1);
    expect(node.connections()).toBe(4);
  });

  test("is alive while it is tried again", async ({ vhost, afterwards }) => {
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    const broker = await connect(line.through(vhost.url), { name: "test" });
    afterwards(() => broker.drain());
    await line.refuse();
    await until("it is noticed", () => !broker.connected);
    expect(broker.alive).toBe(true);
  });

  test("that is lost for longer than brokerAbsence fails the requests that wait, and new ones at once", async ({
    vhost,
    afterwards,
  }) => {
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    const broker = await connect(line.through(vhost.url), { name: "test", brokerAbsence: 500 });
    afterwards(() => broker.drain());
    let begun = 0;
    const slow = () => new Promise<never>(() => (begun += 1));
    const server = await connect(vhost.url, { name: "server" });
    afterwards(() => server.drain(0));
    await server.answer(sports, slow, { refuse });
    const deadline = 120_000;
    const waiting = broker.ask(sports, { team: "Reds" }, { deadline });
    waiting.catch(() => {});
    await until("a server has it", () => begun === 1);
    await line.refuse();
    await expect(waiting).rejects.toThrow(/^there is no broker at .* at present$/);
    await expect(broker.ask(sports, { team: "Reds" }, { deadline })).rejects.toThrow(BrokerUnreachableError);
    await line.accept();
    await until("it is back", () => broker.connected);
    expect(await broker.counts(sports)).toMatchObject({ servers: 1 });
  });

  test("that is lost a dozen times keeps none of its sockets", async ({ vhost, afterwards }) => {
    const line = await FaultProxy.to(vhost.url);
    afterwards(() => line.close());
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on("warning", warned);
    const broker = await connect(line.through(vhost.url), { name: "test" });
    afterwards(() => broker.drain());
    for (let times = 1; times <= 12; times += 1) {
      line.cut();
      await until("it is back", () => broker.connected && broker.reconnections === times);
    }
    process.off("warning", warned);
    // Node warns of the eleventh listener of one signal; each of them keeps its socket.
    expect(warnings).toEqual([]);
  });

  test("whose broker is frozen leaves no socket behind", async ({ afterwards }) => {
    const node = await PrivateBroker.start({ server: serverForTests() });
    afterwards(() => node.stop());
    const sockets: Socket[] = [];
    const opened = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
    subscribe("net.client.socket", opened);
    afterwards(() => unsubscribe("net.client.socket", opened));
    const open = () => sockets.filter(({ remotePort, destroyed }) => remotePort === node.port && !destroyed);
    const broker = await connect(node.url, { name: "test", heartbeat: 1 });
    expect(open()).toHaveLength(1);
    const [first] = open();
    node.pause();
    afterwards(() => node.resume());
    await until("the heartbeat is missed", () => !broker.connected);
    await until("its socket is closed", () => first?.destroyed);
    await until("the next attempt has one", () => open().length === 1);
    const began = performance.now();
    await broker.drain();
    expect(performance.now() - began).toBeLessThan(6_000);
    expect(open()).toEqual([]);
  });
});
