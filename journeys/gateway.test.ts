import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import getPort from "get-port";
import { describe, expect } from "vitest";
import { reply as replySchema } from "@weather/contracts";
import { AppProcess } from "@weather/local-broker";
import { until } from "@weather/testing/vitest";
import { ohio, test, virginia } from "./farm.ts";

const html = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

describe("the gateway", () => {
  test("gives a forecast as JSON, text, CSV, SVG and to a browser", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    const typeOf = ({ headers }: Response) => headers.get("content-type")?.split(";")[0];

    const json = await fetch(`${url}/v1/forecasts/ohio?days=2&station=kcle`);
    expect([json.status, typeOf(json), json.headers.get("vary")]).toEqual([
      200,
      "application/json",
      "Accept",
    ]);
    expect(replySchema.parse(await json.json())).toMatchObject({
      outcome: "forecast",
      station: { id: "KCLE" },
    });

    const text = await fetch(`${url}/ohio`);
    expect([text.status, typeOf(text)]).toEqual([200, "text/plain"]);
    const lines = (await text.text()).split("\n");
    expect(lines[0]).toContain("KCMH");
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);

    const line = await (await fetch(`${url}/OH?format=1`)).text();
    expect(line).toMatch(/^Ohio \(KCMH\), .*\n$/);

    const csv = await fetch(`${url}/v1/forecasts/ohio.csv?days=3`);
    expect([csv.status, typeOf(csv)]).toEqual([200, "text/csv"]);
    expect((await csv.text()).trimEnd().split("\r\n")).toHaveLength(4);

    const svg = await fetch(`${url}/v1/forecasts/ohio?theme=dark`, { headers: { accept: "image/svg+xml" } });
    expect([svg.status, typeOf(svg)]).toEqual([200, "image/svg+xml"]);
    expect(await svg.text()).toMatch(/^<svg [^]*<title/);

    const page = await fetch(`${url}/ohio`, html);
    expect([page.status, typeOf(page)]).toEqual([200, "text/html"]);
  });

  test("answers a risk in the caller's units", async ({ serve, gateway }) => {
    await serve("virginia");
    const { url } = await gateway();
    const reply = await fetch(`${url}/v1/forecasts/VA?risk=${encodeURIComponent("low<32")}&units=us`);
    expect(await reply.json()).toMatchObject({ outcome: "risk", threshold: { of: "low", below: 0 } });
  });

  const rows: [what: string, path: string, status: number, detail: RegExp | string, init?: RequestInit][] = [
    ["an unknown parameter", "/v1/forecasts/ohio?dayz=3", 400, "unknown parameter dayz"],
    ["a long parameter", `/ohio?${"x".repeat(9_000)}=1`, 400, /^unknown parameter x{40}: there are/],
    ["a parameter of a resource that takes none", "/v1/states?state=ohio", 400, "unknown parameter state"],
    ["a parameter of the stations", "/v1/states/ohio/stations?units=us", 400, "unknown parameter units"],
    ["a parameter of the servers", "/v1/states/ohio/servers?x", 400, "unknown parameter x: this"],
    ["a parameter of the event stream", "/v1/live?state=ohio", 400, "unknown parameter state"],
    ["a parameter that comes twice", "/v1/forecasts/ohio?days=3&days=4", 400, "days: expected one value"],
    ["units that are none", "/ohio?units=si", 400, "units: expected metric or us"],
    ["a state without a farm", "/v1/forecasts/texas", 404, "Texas has no farm yet"],
    ["a word that is no state", "/v1/forecasts/ohoi", 404, "Did you mean ohio?"],
    ["a path that is none", "/v2/what", 404, "there is no GET /v2/what"],
    ["a URL with a broken escape", "/%E0%A4%A", 400, "is not a valid url component"],
    ["a station that the farm has not", "/v1/forecasts/ohio?station=KXYZ", 404, "no station KXYZ"],
    ["a form that there is not", "/v1/forecasts/ohio", 406, "text/csv", { headers: { accept: "image/png" } }],
    [
      "too many days",
      "/v1/forecasts/ohio?days=40",
      422,
      "days: expected a whole number from 1 to 10, got 40",
    ],
    ["an observation in words", "/v1/forecasts/ohio?observed=warm,1,2", 422, "observed: high: expected"],
    [
      "a body that is too large",
      "/v1/forecasts",
      413,
      "at most",
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify("x".repeat(600_000)),
      },
    ],
    [
      "a body that is no JSON",
      "/v1/forecasts",
      400,
      /JSON/,
      { method: "POST", headers: { "content-type": "application/json" }, body: "{" },
    ],
    [
      "a body of another type",
      "/v1/forecasts",
      415,
      "application/json",
      { method: "POST", headers: { "content-type": "text/plain" }, body: "ohio" },
    ],
    [
      "a body that is compressed",
      "/v1/forecasts",
      415,
      "must not be encoded, got gzip",
      {
        method: "POST",
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
        body: new Uint8Array(gzipSync('{"state":"ohio"}')),
      },
    ],
    [
      "a field that is none",
      "/v1/forecasts",
      422,
      /^unknown field dayz/,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"state":"ohio","dayz":3}',
      },
    ],
    ["a path that is too long", `/${"x".repeat(500)}`, 404, "so long"],
    [
      "a question without a state",
      "/v1/forecasts",
      422,
      "state: expected a question",
      { method: "POST", headers: { "content-type": "application/json" }, body: '{"days":3}' },
    ],
  ];
  test("writes its log and nothing else when it starts", async ({ gateway }) => {
    const { process } = await gateway();
    expect(process.errors).toEqual([]);
  });

  test("says that its port is in use, and what to do", async ({ gateway, vhost }) => {
    const { url } = await gateway();
    const second = AppProcess.start("gateway", {
      environment: { AMQP_URL: vhost.url, GATEWAY_PORT: new URL(url).port },
    });
    expect(await second.ended()).toBe(78);
    expect(second.output.at(-1)).toMatch(/GATEWAY_PORT: listen EADDRINUSE.*Name another/);
  });

  test("answers each mistake with problem+json, with the id of the log", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    for (const [what, path, status, detail, init] of rows) {
      const response = await fetch(url + path, init);
      const body = (await response.json()) as { detail: string };
      expect({
        what,
        status: response.status,
        type: response.headers.get("content-type")?.split(";")[0],
      }).toEqual({
        what,
        status,
        type: "application/problem+json",
      });
      expect(body).toMatchObject({ status, correlationId: expect.any(String) as string });
      expect(body.detail).toMatch(detail);
    }
    const { errors } = (await (await fetch(`${url}/v1/forecasts/ohio?days=40`)).json()) as {
      errors: unknown;
    };
    expect(errors).toEqual([{ path: "days", message: "expected a whole number from 1 to 10, got 40" }]);
  });

  test("says at once that nobody serves, and when to ask again", async ({ gateway }) => {
    const { url } = await gateway();
    const response = await fetch(`${url}/v1/forecasts/ohio`);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await response.json()).toMatchObject({ title: "Nobody serves" });
  });

  test("answers 504 with the counts of the queue if a farm does not answer in time", async ({
    client,
    gateway,
  }) => {
    const farm = await client();
    await farm.answer(ohio, () => pause(5_000, undefined as never), { refuse: () => undefined as never });
    const { url } = await gateway({ REQUEST_DEADLINE: "300ms" });
    const response = await fetch(`${url}/v1/forecasts/ohio`);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ counts: { servers: 1 } });
  });

  test("says by the status whether the client, the farm or its load is at fault", async ({
    client,
    gateway,
  }) => {
    const refusal = (reason: string) => ({
      ...{ outcome: "refused", state: "ohio", server: "odd", reason, message: `it is ${reason}` },
      details: [{ path: "days", message: "too many" }],
    });
    const replies: [reply: object, status: number, title: string][] = [
      [{ outcome: "sunshine" }, 502, "The reply does not fit"],
      [refusal("failed"), 502, "The farm failed"],
      [refusal("unsupported-version"), 502, "The farm is older than the gateway"],
      [refusal("overloaded"), 503, "Overloaded"],
      [refusal("unknown-station"), 404, "No such station"],
      [refusal("invalid-request"), 422, "Refused"],
    ];
    const farm = await client();
    const anything = {
      "~standard": { version: 1 as const, vendor: "test", validate: (value: unknown) => ({ value }) },
    };
    const odd = ({ seed = 0 }: { seed?: number | undefined }) => replies[seed]?.[0] as never;
    await farm.answer({ ...ohio, strictReply: anything }, odd, { refuse: () => undefined as never });
    const { url } = await gateway();
    for (const [seed, [, status, title]] of replies.entries()) {
      const response = await fetch(`${url}/v1/forecasts/ohio?seed=${seed}`);
      const retryAfter = response.headers.get("retry-after");
      expect([response.status, retryAfter]).toEqual([status, status === 503 ? "1" : null]);
      const correlationId: unknown = expect.any(String);
      expect(await response.json()).toMatchObject({ status, title, correlationId });
    }
    const refused = (await (await fetch(`${url}/v1/forecasts/ohio?seed=5`)).json()) as object;
    expect(refused).toMatchObject({
      detail: "it is invalid-request",
      errors: [{ path: "days", message: "too many" }],
    });
  });

  test("continues by itself after it has lost the broker", async ({ serve, gateway, vhost }) => {
    await serve("ohio");
    const { url, process } = await gateway({ REQUEST_DEADLINE: "300ms", CACHE_ENTRIES: "0" });
    expect((await fetch(`${url}/v1/forecasts/ohio`)).status).toBe(200);
    await until("the connection is known", async () => (await vhost.closeConnections("gateway@")) > 0);
    await until("the loss", () => process.output.some((line) => line.includes("lost the broker")));
    await until("an answer", async () => (await fetch(`${url}/v1/forecasts/ohio`)).status === 200);
  });

  test("is live before it has a broker, and answers 503", async ({ afterwards }) => {
    const port = await getPort();
    const process = AppProcess.start("gateway", {
      environment: { AMQP_URL: `amqp://localhost:${await getPort()}`, GATEWAY_PORT: String(port) },
    });
    afterwards(() => process.stop("SIGKILL"));
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    await until("it listens", () =>
      get("/livez").then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    expect((await get("/readyz")).status).toBe(503);
    const response = await get("/v1/forecasts/ohio");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    // A client need not know the broker's address. The log has it.
    expect(await response.json()).toMatchObject({ title: "No broker", detail: "the broker does not answer" });
    expect(process.output.find((line) => line.includes('"status":503'))).toContain("amqp://localhost:");
    expect(await process.stop("SIGTERM")).toBe(0);
  });

  test("limits the requests of one address if RATE_LIMIT says so", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway({ RATE_LIMIT: "3" });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await fetch(`${url}/v1/forecasts/ohio`)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  test("asks the farm once for a hundred identical requests, and gives two gateways the same ETag", async ({
    client,
    serve,
    gateway,
  }) => {
    await serve("ohio");
    const [one, other] = await Promise.all([gateway(), gateway()]);
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => fetch(`${one.url}/v1/forecasts/ohio?days=2&seed=9`)),
    );
    const tags = new Set(replies.map(({ headers }) => headers.get("etag")));
    const issued = new Set(
      (await Promise.all(replies.map((reply) => reply.json()))).map(
        (reply) => (reply as { issuedAt: string }).issuedAt,
      ),
    );
    expect([tags.size, issued.size]).toEqual([1, 1]);
    const elsewhere = await fetch(`${other.url}/v1/forecasts/ohio?days=2&seed=9`);
    const [tag = ""] = tags;
    expect(elsewhere.headers.get("etag")).toBe(tag);
    expect(elsewhere.headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
    const again = await fetch(`${other.url}/v1/forecasts/ohio?days=2&seed=9`, {
      headers: { "if-none-match": tag ?? "" },
    });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    // The same resource in another form is another representation.
    const csv = await fetch(`${other.url}/v1/forecasts/ohio.csv?days=2&seed=9`, {
      headers: { "if-none-match": tag ?? "" },
    });
    expect(csv.status).toBe(200);
    expect((await (await client()).counts(ohio))?.waiting).toBe(0);
  });

  test("answers a list line by line, each with its place, also the invalid ones", async ({
    serve,
    gateway,
  }) => {
    await serve("ohio");
    const { url, process } = await gateway();
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const list = [
      ...Array.from({ length: 50 }, (_, seed) => ({ state: "ohio", days: 1, seed })),
      { state: "ohio", station: "KXYZ" },
      { state: "virginia" },
    ];
    const response = await fetch(`${url}/v1/forecasts`, {
      method: "POST",
      headers: { "content-type": "application/json", traceparent },
      body: JSON.stringify(list),
    });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { index: number; reply?: unknown; problem?: { status: number } });
    expect(lines.map(({ index }) => index).sort((one, two) => one - two)).toEqual(
      list.map((_, index) => index),
    );
    expect(lines.filter(({ reply }) => reply)).toHaveLength(50);
    const problems = lines
      .filter(({ problem }) => problem)
      .map(({ index, problem }) => [index, problem?.status]);
    expect(problems.sort()).toEqual([
      [50, 404],
      [51, 503],
    ]);
    expect(process.output.filter((line) => line.includes('"status":503'))).toEqual([
      expect.stringMatching(`"traceparent":"${traceparent}","status":503,"index":51`),
    ]);
  });

  test("cancels the question of a client that disconnects, so that no server begins it", async ({
    client,
    gateway,
  }) => {
    const farm = await client();
    let begun = 0;
    const slow = async () => {
      begun += 1;
      await pause(400);
      throw new Error("never mind");
    };
    await farm.answer(virginia, slow, { refuse: () => undefined as never, concurrency: 1 });
    const { url } = await gateway();
    const leave = new AbortController();
    const asked = Array.from({ length: 5 }, (_, seed) =>
      fetch(`${url}/v1/forecasts/virginia?seed=${seed}`, { signal: leave.signal }).catch(() => {}),
    );
    await until("the first begun", () => begun === 1);
    leave.abort();
    await Promise.all(asked);
    await pause(1_500);
    expect(begun).toBe(1);
  });

  test("refuses requests above its limit at once", async ({ client, gateway }) => {
    const farm = await client();
    await farm.answer(ohio, () => pause(2_000, undefined as never), { refuse: () => undefined as never });
    const { url } = await gateway({ MAX_IN_FLIGHT: "2", REQUEST_DEADLINE: "1s" });
    const asked = [1, 2].map((seed) => fetch(`${url}/v1/forecasts/ohio?seed=${seed}`));
    await pause(200);
    const response = await fetch(`${url}/v1/forecasts/ohio?seed=3`);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    await Promise.all(asked);
  });

  test("answers probes and Prometheus on its own port", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    await fetch(`${url}/v1/forecasts/ohio`);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const states = (await (await fetch(`${url}/v1/states`)).json()) as { states: unknown[] };
    expect(states.states).toContainEqual(expect.objectContaining({ state: "ohio", servers: 1 }));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(
      'http_server_request_duration_seconds_count{method="GET",route="/v1/forecasts/:state",status="200"} 1',
    );
    expect(metrics).toContain("weather_broker_connected 1");
  });
});
