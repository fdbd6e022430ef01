import { createServer, type Socket } from "node:net";
import { describe, expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { AccessRefusedError, connect, BrokerUnreachableError } from "../src/index.ts";
import { test } from "./sports.ts";

const failure = async (url: string, options = {}) => {
  const error: unknown = await connect(url, { name: "test", ...options }).catch((error: unknown) => error);
  expect(String(error)).not.toContain("secret");
  return error as Error;
};

describe("connecting", () => {
  test("without a broker names the address that does not answer", async () => {
    const error = await failure("amqp://me:secret@127.0.0.1:1");
    expect(error).toBeInstanceOf(BrokerUnreachableError);
    expect(error.message).toContain("no broker answers at amqp://me@127.0.0.1:1 (connect ECONNREFUSED");
  });

  test("with a wrong password is refused, at once", async ({ vhost }) => {
    const error = await failure(vhost.url.replace("guest:guest", "guest:secret"), { patience: 60_000 });
    expect(error).toBeInstanceOf(AccessRefusedError);
    expect(error.message).toContain("refused the user name or password");
  });

  test("to a virtual host that does not exist is refused, at once", async ({ vhost }) => {
    const error = await failure(`${vhost.url}-not`, { patience: 60_000 });
    expect(error).toBeInstanceOf(AccessRefusedError);
    expect(error.message).toContain("refused the virtual host");
  });

  test("by TLS to a port without TLS is refused, at once", async ({ vhost }) => {
    const error = await failure(vhost.url.replace("amqp:", "amqps:"), { patience: 60_000 });
    expect(error).toBeInstanceOf(AccessRefusedError);
    expect(error.message).toContain("Check that the port speaks TLS");
  });

  test("to something that is not a URL says the form of a URL, without the password", async () => {
    for (const url of ["http://me:secret@host", "host:5672", "", "amqp://"]) {
      const error = await failure(url);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain("amqp://user:password@host:5672/vhost");
    }
  });

  test("with an impossible value in the URL names the value, without the password", async () => {
    for (const [url, issue] of [
      ["amqp://me:secret%@host", "% is written as %25"],
      ["amqp://me:secret@host?heartbeat=often", "expected seconds from 0 to 9999, got often"],
      ["amqp://me:secret@host?heartbeat=-1", "expected seconds from 0 to 9999, got -1"],
    ] as const) {
      const error = await failure(url);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain(issue);
    }
  });

  test("tries the next node when one does not answer", async ({ vhost, afterwards }) => {
    const broker = await connect(`amqp://127.0.0.1:1,${vhost.url}`, { name: "test" });
    afterwards(() => broker.drain());
    expect(broker.connected).toBe(true);
  });

  test("waits for a broker for its patience, and may be cancelled", async () => {
    const giveUp = new AbortController();
    const connecting = failure("amqp://127.0.0.1:1", { patience: Infinity, signal: giveUp.signal });
    setTimeout(() => giveUp.abort(new Error("enough")), 300);
    expect((await connecting).message).toBe("enough");
  });

  test("to a silent address ends after ten seconds", async ({ afterwards }) => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    afterwards(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    expect(await failure(`amqp://127.0.0.1:${port}`)).toBeInstanceOf(BrokerUnreachableError);
  });

  test("names the connection after the process", async ({ vhost, open }) => {
    await open("ohio-server@here:1");
    await until(
      "the operator sees it",
      async () => (await vhost.closeConnections("ohio-server@here:1")) === 1,
    );
  });
});
