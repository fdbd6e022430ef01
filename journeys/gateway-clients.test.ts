import { connect } from "node:net";
import { request as httpRequest } from "node:http";
import { describe, expect } from "vitest";
import { test } from "./farm.ts";

const json = { "content-type": "application/json" };

/** Sends bytes on a connection of their own. @returns what has come once it holds the text, or the connection is closed */
async function sent(url: string, bytes: string, until?: string): Promise<string> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.on("error", () => {}).write(bytes);
  await new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (until !== undefined && text.includes(until)) resolve();
    });
  });
  socket.destroy();
  return text;
}

/** Sends a body in full before it reads an answer, as Python's `http.client` does. */
async function sentInFull(url: string, body: Buffer): Promise<number | undefined> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  const head = `POST /v1/forecasts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.write(head);
    socket.write(body, (error) => (error ? reject(error) : resolve()));
  });
  const answer = await new Promise<string>((resolve) =>
    socket.once("data", (chunk: Buffer) => resolve(chunk.toString())).resume(),
  );
  socket.destroy();
  return Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]);
}

describe("a client of another kind", () => {
  test("may name a charset in Accept", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    for (const accept of ["application/json; charset=utf-8", "text/csv;charset=UTF-8", "image/svg+xml"]) {
      const response = await fetch(`${url}/v1/forecasts/ohio?days=1&seed=7`, { headers: { accept } });
      expect([accept, response.status]).toEqual([accept, 200]);
      const type = response.headers.get("content-type") ?? "";
      expect(type.split(";")[0]).toBe(accept.split(";")[0]);
    }
  });

  test("that has sent all of a body which is too large is told so, and may go on", async ({ gateway }) => {
    const { url } = await gateway();
    expect(await sentInFull(url, Buffer.alloc(8_000_000, " "))).toBe(413);
  });

  test("gets problem+json unless it names one host, also for a cached reply", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    const asked = (hosts: string) => sent(url, `GET /ohio HTTP/1.1\r\n${hosts}connection: close\r\n\r\n`);
    for (const hosts of ["host: x\r\n", "host: [::1]:80\r\n", "host:\r\n"])
      expect(await asked(hosts)).toMatch(/^HTTP\/1.1 200 /);
    for (const hosts of ["", "host: x\r\nhost: x\r\n", "host: x/y\r\n", "host: <b>\r\n"]) {
      const refused = await asked(hosts);
      expect(refused).toMatch(/^HTTP\/1.1 400 /);
      expect(refused).toContain("application/problem+json");
    }
    expect(await sent(url, "GET /ohio HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1.1 200 /);
  });

  test("gets its answer whatever it expects", async ({ gateway }) => {
    const { url } = await gateway();
    const status = await new Promise((resolve) => {
      httpRequest(`${url}/livez`, { headers: { expect: "a-miracle" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(200);
  });

  test("may ask for the event stream behind another request", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    const requests = ["/ohio?format=1", "/v1/live"].map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    const text = await sent(url, requests.join(""), "event: farms");
    expect(text).toMatch(/^HTTP\/1.1 200 [^]*Ohio \(KCMH\)[^]*text\/event-stream[^]*event: farms/);
  });
});

test("clients that do not finish their requests do not keep a gateway from ending in order", async ({
  gateway,
  afterwards,
}) => {
  const { url, process } = await gateway({ STOP_TIMEOUT: "25s" });
  const { port, hostname } = new URL(url);
  const rows = [
    "GET /livez HTTP/1.1\r\nhost: x\r\n",
    "POST /v1/forecasts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{",
    "GET /livez HTTP/1.1\r\nhost: x\r\n\r\nGET /livez HTTP/1.1\r\n",
    "",
  ];
  for (const bytes of rows) {
    const socket = connect(Number(port), hostname).on("error", () => {});
    afterwards(() => socket.destroy());
    socket.write(bytes);
  }
  // The answer to a request on a connection of its own: the others have arrived.
  await fetch(`${url}/livez`);
  const began = performance.now();
  expect(await process.stop("SIGTERM")).toBe(0);
  expect(performance.now() - began).toBeLessThan(15_000);
});

describe("a list with wrong questions", () => {
  test("is refused with the place of each, and nothing of it is asked", async ({ gateway }) => {
    const { url } = await gateway();
    const list = [{ state: "ohio" }, { state: "texas" }, { state: "ohio", days: 40 }, 7];
    const response = await fetch(`${url}/v1/forecasts`, {
      method: "POST",
      headers: json,
      body: JSON.stringify(list),
    });
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path)).toEqual(["1.state", "2.days", "3.state"]);
  });

  test("of a thousand is refused in few words", async ({ gateway }) => {
    const { url } = await gateway();
    const body = JSON.stringify(Array.from({ length: 1_000 }, () => ({ state: "ohio", dayz: 1 })));
    const response = await fetch(`${url}/v1/forecasts`, { method: "POST", headers: json, body });
    const { detail, errors } = (await response.json()) as { detail: string; errors: unknown[] };
    expect([detail.length, errors.length]).toEqual([500, 1_000]);
  });

  test("is refused where the question is in the query, too", async ({ gateway }) => {
    const { url } = await gateway();
    const response = await fetch(`${url}/v1/forecasts?days=3`, {
      method: "POST",
      headers: json,
      body: '{"state":"ohio"}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      detail: expect.stringContaining("unknown parameter days") as string,
    });
  });
});
