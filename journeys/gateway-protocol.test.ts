import { connect } from "node:net";
import { describe, expect } from "vitest";
import { until } from "@weather/testing/vitest";
import { holdRequests, ohio, test } from "./farm.ts";

const question = { state: "ohio", days: 1 };
const json = { "content-type": "application/json" };

/** Sends bytes on a new connection. @returns everything that comes until the gateway closes it */
async function sent(url: string, bytes: string): Promise<string> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.on("error", () => {});
  socket.write(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
}

const post = (body: string) =>
  `POST /v1/forecasts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

describe("the gateway, as RFC 9110 wants it,", () => {
  test("answers 405 with the methods of the path", async ({ gateway }) => {
    const { url } = await gateway();
    const rows: [method: string, path: string, allow: string][] = [
      ["POST", "/v1/forecasts/ohio", "GET, HEAD, OPTIONS"],
      ["DELETE", "/ohio", "GET, HEAD, OPTIONS"],
      ["PUT", "/v1/states", "GET, HEAD, OPTIONS"],
      ["PATCH", "/readyz", "GET, HEAD, OPTIONS"],
      ["GET", "/v1/forecasts", "POST, OPTIONS"],
      ["DELETE", "/v1/forecasts", "POST, OPTIONS"],
      ["PROPFIND", "/v1/states", "GET, HEAD, OPTIONS"],
      ["QUERY", "/v1/forecasts/ohio", "GET, HEAD, OPTIONS"],
      ["MKCOL", "/ohio", "GET, HEAD, OPTIONS"],
    ];
    for (const [method, path, allow] of rows) {
      // The method is refused before the type of the body is checked.
      const body = method === "GET" ? {} : { body: "ohio", headers: { "content-type": "text/plain" } };
      const response = await fetch(url + path, { method, ...body });
      expect([method, path, response.status, response.headers.get("allow")]).toEqual([
        method,
        path,
        405,
        allow,
      ]);
      expect(await response.json()).toMatchObject({ status: 405, title: "Method not allowed" });
    }
    const options = await fetch(`${url}/v1/forecasts`, { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "POST, OPTIONS"]);
    expect((await fetch(`${url}/v2/what`, { method: "DELETE" })).status).toBe(404);
    // A client does not make a metric for each method that Node.js knows.
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('_count{method="_OTHER",route="/v1/states",status="405"} 1');
    expect(metrics).not.toMatch(/PROPFIND|QUERY|MKCOL/);
  });

  test("answers OPTIONS, and the preflight of a page of an allowed origin", async ({ gateway }) => {
    const { url } = await gateway({ CORS_ORIGIN: "https://example.org" });
    const options = async (headers: Record<string, string>) => {
      const response = await fetch(`${url}/v1/forecasts`, { method: "OPTIONS", headers });
      return [response.status, response.headers.get("access-control-allow-origin")];
    };
    expect(await options({})).toEqual([204, "https://example.org"]);
    const preflight = { origin: "https://example.org", "access-control-request-method": "POST" };
    expect(await options(preflight)).toEqual([204, "https://example.org"]);
  });

  test("answers HEAD as GET, without the body", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    const query = "?days=2&seed=7";
    for (const path of [`/v1/forecasts/ohio${query}`, `/ohio.svg${query}`, "/v1/states", "/readyz"]) {
      const told = async (method: string) => {
        const response = await fetch(url + path, { method });
        const headers = ["content-type", "content-length", "etag"].map((name) => response.headers.get(name));
        return { path, status: response.status, headers, body: await response.text() };
      };
      expect(await told("HEAD")).toEqual({ ...(await told("GET")), body: "" });
    }
    expect((await fetch(`${url}/v1/forecasts/texas`, { method: "HEAD" })).status).toBe(404);
  });

  test("allows a picture that is opened by itself only its own style", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    const policy = ({ headers }: Response) => headers.get("content-security-policy");
    const svg = await fetch(`${url}/ohio.svg?seed=7`);
    expect(policy(svg)).toBe("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    // A browser replaces the headers in its cache by those of a 304.
    const again = await fetch(`${url}/ohio.svg?seed=7`, {
      headers: { "if-none-match": svg.headers.get("etag") ?? "" },
    });
    expect([again.status, policy(again)]).toEqual([304, policy(svg)]);
    expect(policy(await fetch(`${url}/ohio?seed=7`))).not.toContain("unsafe-inline");
  });

  test("answers from its cache with the same head, and counts each answer", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway({ CORS_ORIGIN: "https://example.org" });
    for (const path of ["/v1/forecasts/ohio?seed=7", "/ohio.svg?seed=7"]) {
      const heads: Record<string, string>[] = [];
      for (const status of [200, 304, 200, 304]) {
        const etag = heads[0]?.["etag"] ?? "";
        const headers: Record<string, string> = status === 304 ? { "if-none-match": etag } : {};
        const response = await fetch(url + path, { headers });
        expect([response.status, (await response.text()) === ""]).toEqual([status, status === 304]);
        const { date: _, "cache-control": age, ...head } = Object.fromEntries(response.headers);
        expect(age).toMatch(/^public, max-age=[1-9]\d*$/);
        heads.push(head);
      }
      expect(heads.slice(2)).toEqual(heads.slice(0, 2));
      const { status, headers } = await fetch(url + path, { method: "HEAD" });
      expect([status, headers.get("etag")]).toEqual([200, heads[0]?.["etag"]]);
    }
    const metrics = await (await fetch(`${url}/metrics`)).text();
    for (const status of [200, 304])
      expect(metrics).toContain(
        `http_server_request_duration_seconds_count{method="GET",route="/v1/forecasts/:state",status="${status}"} 2`,
      );
  });

  test("counts requests for unknown paths and methods, too, if RATE_LIMIT says so", async ({ gateway }) => {
    const { url } = await gateway({ RATE_LIMIT: "2" });
    const answers: [status: number, policy: boolean][] = [];
    for (const [method, path] of [
      ["GET", "/no/such"],
      ["DELETE", "/ohio"],
      ["GET", "/no/such"],
      ["DELETE", "/ohio"],
    ] as const) {
      const { status, headers } = await fetch(url + path, { method });
      answers.push([status, headers.has("content-security-policy")]);
    }
    expect(answers).toEqual([
      [404, true],
      [405, true],
      [429, true],
      [429, true],
    ]);
  });

  test("sends no ETag with an error, and refuses an unknown format", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    const picture = await fetch(`${url}/v1/forecasts/ohio.svg?risk=${encodeURIComponent("low<0")}`);
    expect([picture.status, picture.headers.get("etag")]).toEqual([406, null]);
    for (const format of ["2", "%0D%0Ax", '"'])
      expect((await fetch(`${url}/ohio?format=${format}`)).status).toBe(400);
  });
});

describe("a hostile client of the gateway", () => {
  test("gets problem+json for bytes that are not a request", async ({ gateway }) => {
    const { url } = await gateway();
    const rows: [bytes: string, status: number][] = [
      ["what is this\r\n\r\n", 400],
      ["CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n", 405],
      [`GET /ohio HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    ];
    for (const [bytes, status] of rows) {
      const text = await sent(url, bytes);
      expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(text).toContain("\r\ncontent-type: application/problem+json\r\n");
      expect(JSON.parse(text.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status });
    }
  });

  test("that sends thousands of requests without reading an answer loses its connection", async ({
    client,
    gateway,
  }) => {
    const held = await holdRequests(await client(), ohio);
    const { url, process } = await gateway();
    expect(await sent(url, "GET /ohio.svg HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20_000))).toBe("");
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    // A client that waits for its answers may send some requests ahead.
    const live = (more = "") => `GET /livez HTTP/1.1\r\nhost: x\r\n${more}\r\n`;
    const some = await sent(url, live().repeat(49) + live("connection: close\r\n"));
    expect(some.match(/^HTTP\/1.1 200 OK/gm)).toHaveLength(50);
    expect(process.errors).toEqual([]);
    held.end();
  });

  test("that disconnects in the middle of a list leaves no warning in the log", async ({
    serve,
    gateway,
  }) => {
    await serve("ohio");
    const { url, process } = await gateway();
    const leave = new AbortController();
    const body = JSON.stringify(
      Array.from({ length: 1_000 }, (_, seed) => ({ state: "ohio", days: 10, seed })),
    );
    const response = await fetch(`${url}/v1/forecasts`, {
      method: "POST",
      headers: json,
      body,
      signal: leave.signal,
    });
    await response.body?.getReader().read();
    leave.abort();
    await until("its places are free", async () => {
      const again = await fetch(`${url}/v1/forecasts`, { method: "POST", headers: json, body });
      return again.ok && (await again.text()).split("\n").length === 1_001;
    });
    expect(process.output.filter((line) => line.includes('"status":500'))).toEqual([]);
  });

  test(
    "that does not read the answers to its lists is disconnected, and others get their places",
    { timeout: 60_000 },
    async ({ serve, gateway, afterwards }) => {
      await serve("ohio");
      const { url } = await gateway({ REQUEST_DEADLINE: "2s", MAX_IN_FLIGHT: "5000" });
      const list = JSON.stringify(
        Array.from({ length: 1_000 }, (_, seed) => ({ state: "ohio", days: 10, members: 10, seed })),
      );
      const fiveLists = async () => {
        const ask = () => fetch(`${url}/v1/forecasts`, { method: "POST", headers: json, body: list });
        const answers = await Promise.all(Array.from({ length: 5 }, ask));
        await Promise.all(answers.map((answer) => answer.text()));
        return answers.map(({ status }) => status);
      };
      const { port, hostname } = new URL(url);
      const deaf = connect(Number(port), hostname).pause();
      afterwards(() => deaf.destroy());
      // Their answers are more than both sockets hold.
      deaf.write(post(list).repeat(5));
      await until("its lists have places", async () => (await fiveLists()).includes(503));
      await until("these are free", async () => (await fiveLists()).every((one) => one === 200), 30_000);
    },
  );

  test("that never ends a request's head gets 408, and is disconnected", async ({ gateway }) => {
    const { url } = await gateway();
    expect(await sent(url, "GET /ohio HTTP/1.1\r\nhost: x\r\nx: ")).toMatch(/^HTTP\/1.1 408 .*"Too slow"/s);
  });

  test("that disconnects from lists which wait behind each other frees their places", async ({
    client,
    gateway,
  }) => {
    const held = await holdRequests(await client(), ohio);
    const { url } = await gateway({ MAX_IN_FLIGHT: "1000", REQUEST_DEADLINE: "3s" });
    const list = (length: number) =>
      JSON.stringify(Array.from({ length }, (_, seed) => ({ ...question, seed })));
    const { port, hostname } = new URL(url);
    const hostile = connect(Number(port), hostname);
    hostile.write(post(list(400)) + post(list(400)) + post(list(200)));
    await until("a question is asked", () => held.begun() > 0);
    const full = await fetch(`${url}/v1/forecasts`, { method: "POST", headers: json, body: list(1) });
    expect(full.status).toBe(503);
    hostile.destroy();
    await until("there is place again", async () => {
      const response = await fetch(`${url}/v1/forecasts`, {
        method: "POST",
        headers: json,
        body: list(1_000),
      });
      await response.text();
      return response.status === 200;
    });
    held.end();
  });
});
