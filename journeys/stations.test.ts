import { stationsOf, stationsReply } from "@weather/contracts";
import { describe, expect } from "vitest";
import { ohio, test } from "./farm.ts";

const start = "2026-11-23";
/** The middle of Columbus, and a place in the sea off Virginia. */
const city = { latitude: 39.96, longitude: -83 };
const sea = { latitude: 36, longitude: -70 };

describe("a farm", () => {
  test("lists its stations, and answers for a place by the nearest of them", async ({ serve, client }) => {
    await serve("ohio");
    const broker = await client();
    const list = await broker.ask(stationsOf("ohio"), { kind: "stations" });
    if (list.outcome === "refused") throw new Error(list.message);
    expect(list).toMatchObject({ state: "ohio", server: expect.stringMatching(/^ohio-server@/) as string });
    expect(list.stations[0]).toEqual({
      id: "KCMH",
      name: "Columbus John Glenn Intl",
      latitude: 39.9914,
      longitude: -82.8808,
      elevation: 246.9,
      timeZone: "America/New_York",
      fittedFrom: {
        temperature: "NCEI monthly normals 1991-2020, USW00014821",
        precipitation: expect.stringContaining("1981-2010") as string,
        wetDays: expect.any(String) as string,
        daily: expect.arrayContaining([expect.stringMatching(/Coshocton.*2006-11-09/)]) as string[],
      },
    });
    // Each station answers for its own place.
    for (const { id, latitude, longitude } of list.stations) {
      const reply = await broker.ask(ohio, { latitude, longitude, start, days: 1 });
      expect(reply).toMatchObject({ station: { id }, nearest: { latitude, longitude, distance: 0 } });
    }
    const reply = await broker.ask(ohio, { ...city, start });
    const same = await broker.ask(ohio, { station: "KCMH", start });
    expect(reply).toEqual({ ...same, nearest: { ...city, distance: 10.7 } });
    const next = await broker.ask(ohio, { ...city, latitude: 39.97, start });
    expect(next).toEqual({ ...same, nearest: { latitude: 39.97, longitude: -83, distance: 10.4 } });
    const threshold = { of: "low", below: 0 } as const;
    expect(await broker.ask(ohio, { ...city, start, kind: "risk", threshold })).toMatchObject({
      outcome: "risk",
      nearest: { ...city, distance: 10.7 },
    });
  });

  test("refuses a place that is too far away, and says how far", async ({ serve, client }) => {
    await serve("ohio");
    const broker = await client();
    expect(await broker.ask(ohio, sea)).toMatchObject({
      reason: "unknown-station",
      message: expect.stringMatching(
        /^ohio has no station within 150 km of 36, -70: the nearest, K[A-Z]{3}, is \d+ km away$/,
      ) as string,
    });
  });
});

describe("the weather command", () => {
  test("lists the stations of states, as a table and as JSON", async ({ serve, weather }) => {
    await Promise.all([serve("ohio"), serve("virginia")]);
    const { code, output, errors } = await weather("stations", "OH", "virginia");
    expect([code, errors]).toEqual([0, []]);
    expect(output[0]).toBe("Stations of ohio");
    expect(output).toContain("Stations of virginia");
    expect(output[2]).toMatch(
      /^KCMH +Columbus John Glenn Intl +39\.99 +-82\.88 +247 +America\/New_York +NCEI/,
    );
    const lines = (await weather("stations", "OH", "virginia", "--json")).output;
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject(
      ["ohio", "virginia"].map((state, index) => ({
        number: index + 1,
        state,
        reply: { outcome: "stations", state, stations: expect.any(Array) as object[] },
      })),
    );
  });

  test("asks for a place, and exits 65 if no station is near", async ({ serve, weather }) => {
    await serve("ohio");
    const place = ["--latitude", "39.96", "--longitude", "-83.0"];
    const { code, output, errors } = await weather("forecast", "ohio", ...place);
    expect([code, errors]).toEqual([0, []]);
    expect(output[0]).toBe("Columbus John Glenn Intl (KCMH), ohio, 10.7 km from 39.96, -83");
    const short = await weather("forecast", "ohio", "--lat", "36", "--lon", "-70");
    expect([short.code, short.errors[0]]).toEqual([65, expect.stringContaining(" km away.")]);
    const wrong = await weather("forecast", "ohio", "--latitude", "39.96");
    expect([wrong.code, wrong.errors[0]]).toEqual([
      64,
      expect.stringContaining("--longitude: a latitude needs a longitude"),
    ]);
  });

  test("exits 69 if nobody serves a state, and shows the stations of the others", async ({
    serve,
    weather,
  }) => {
    await serve("ohio");
    const { code, output, errors } = await weather("stations", "virginia", "ohio");
    expect([code, output[0]]).toEqual([69, "Stations of ohio"]);
    expect(errors).toEqual([expect.stringContaining("nobody serves weather.virginia")]);
  });
});

describe("the gateway", () => {
  test("answers for a place, in the query and in a body", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    const query = `latitude=39.96&longitude=-83&start=${start}`;
    const reply = await fetch(`${url}/v1/forecasts/ohio?${query}`);
    expect(await reply.json()).toMatchObject({
      station: { id: "KCMH" },
      nearest: { ...city, distance: 10.7 },
    });
    // Another place near the same station is another answer.
    const next = await fetch(`${url}/v1/forecasts/ohio?${query.replace("39.96", "39.97")}`);
    expect(await next.json()).toMatchObject({ station: { id: "KCMH" }, nearest: { distance: 10.4 } });
    expect(next.headers.get("etag")).not.toBe(reply.headers.get("etag"));
    const text = await (await fetch(`${url}/ohio?${query}`)).text();
    expect(text).toMatch(/^Columbus .* \(KCMH\), ohio, 10\.7 km from 39\.96, -83\n/);

    const post = (body: object) =>
      fetch(`${url}/v1/forecasts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const one = await post({ state: "ohio", ...city, days: 1 });
    expect(await one.json()).toMatchObject({ nearest: { distance: 10.7 } });
    const lines = (
      await (
        await post([
          { state: "ohio", ...city },
          { state: "ohio", ...sea },
        ])
      ).text()
    )
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { index: number })
      .sort((one, other) => one.index - other.index);
    expect(lines).toMatchObject([{ reply: { nearest: { distance: 10.7 } } }, { problem: { status: 404 } }]);
  });

  test("tells what is wrong with a place", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    for (const [query, status, detail] of [
      ["latitude=36&longitude=-70", 404, / no station within 150 km of 36, -70: .* \d+ km away$/],
      ["latitude=39.96", 422, /^longitude: a latitude needs a longitude$/],
      ["latitude=39.96&longitude=west", 422, /^longitude: expected a number from -180 to 180, got "west"$/],
      ["latitude=39.96&longitude=-83&station=KCMH", 422, /^station: expected either a station, or/],
    ] as const) {
      const response = await fetch(`${url}/v1/forecasts/ohio?${query}`);
      expect([response.status, response.headers.get("content-type")]).toEqual([
        status,
        expect.stringContaining("application/problem+json") as string,
      ]);
      expect(await response.json()).toMatchObject({ detail: expect.stringMatching(detail) as string });
    }
  });

  test("lists a farm's stations as JSON and as text, each with its ETag", async ({ serve, gateway }) => {
    await serve("ohio");
    const [{ url }, other] = await Promise.all([gateway(), gateway()]);
    const path = "/v1/states/OH/stations";
    const json = await fetch(url + path);
    expect([json.status, json.headers.get("vary"), json.headers.get("cache-control")]).toEqual([
      200,
      "Accept",
      expect.stringMatching(/^public, max-age=(300|299)$/),
    ]);
    expect(stationsReply.parse(await json.json())).toMatchObject({ outcome: "stations", state: "ohio" });
    const etag = json.headers.get("etag") ?? "";
    const again = await fetch(other.url + path, { headers: { "if-none-match": etag } });
    expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, etag, ""]);

    const text = await fetch(url + path, { headers: { accept: "text/plain", "if-none-match": etag } });
    expect([text.status, text.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
    const lines = (await text.text()).split("\n");
    expect(lines[0]).toBe("Stations of ohio");
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
  });

  test("tells what is wrong with a question for stations", async ({ serve, gateway }) => {
    await serve("ohio");
    const { url } = await gateway();
    const rows = [
      ["texas", 404, "*/*"],
      ["ohio", 406, "text/csv"],
      ["virginia", 503, "*/*"],
    ] as const;
    for (const [state, status, accept] of rows) {
      const response = await fetch(`${url}/v1/states/${state}/stations`, { headers: { accept } });
      expect([state, response.status]).toEqual([state, status]);
      expect(response.headers.get("content-type")).toContain("application/problem+json");
    }
  });
});
