import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "./fixtures.ts";
import { FaultProxy } from "./fault-proxy.ts";

describe("a line to a port that echoes", () => {
  let server: Server;
  let line: FaultProxy;
  let socket: Socket;
  let heard: string;
  let closed: boolean;

  beforeEach(async () => {
    server = createServer((end) => end.on("error", () => {}).pipe(end)).listen(0, "127.0.0.1");
    await once(server, "listening");
    line = await FaultProxy.to((server.address() as AddressInfo).port);
    await call();
  });
  afterEach(async () => {
    socket.destroy();
    await until("it is closed", () => closed);
    await line.close();
    server.close();
  });

  async function call() {
    heard = "";
    closed = false;
    socket = connect(line.port, "127.0.0.1");
    socket.on("data", (data) => (heard += data.toString()));
    socket.on("error", () => {});
    socket.on("close", () => (closed = true));
    await once(socket, "connect");
  }

  /** @returns the time until the echo came, in milliseconds */
  async function echo(text: string): Promise<number> {
    const began = performance.now();
    heard = "";
    socket.write(text);
    await until("it is heard", () => heard === text);
    return performance.now() - began;
  }

  it("carries everything, and counts its connections", async () => {
    await echo("x".repeat(3_000_000));
    expect(line.accepted).toBe(1);
  });

  it("delays each direction", async () => {
    line.up.delay = line.down.delay = 200;
    expect(await echo("hello")).toBeGreaterThanOrEqual(395);
  });

  it("throttles", async () => {
    line.down.rate = 64_000;
    expect(await echo("x".repeat(64_000))).toBeGreaterThan(900);
  });

  it("swallows, and delivers afterwards", async () => {
    line.down.blackhole = true;
    socket.write("hello");
    await pause(200);
    expect([heard, closed]).toEqual(["", false]);
    line.down.heal();
    await until("it is heard", () => heard === "hello");
  });

  it("is cut in the middle of what it carries", async () => {
    line.down.cutAfter = 3;
    socket.write("hello");
    await until("it is closed", () => closed);
    expect(heard).toBe("hel");
    await call();
    await echo("hello");
  });

  it("is cut, and accepts new connections", async () => {
    line.cut();
    await until("it is closed", () => closed);
    await call();
    await echo("hello");
    expect(line.accepted).toBe(2);
  });

  it("refuses, until it accepts again", async () => {
    await line.refuse();
    await until("it is closed", () => closed);
    await expect(call()).rejects.toThrow("ECONNREFUSED");
    await line.accept();
    await call();
    await echo("hello");
  });
});
