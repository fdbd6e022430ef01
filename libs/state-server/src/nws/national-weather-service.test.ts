import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setTimeout } from "node:timers/promises";
import { columbus, openWeatherGov, paths, problem } from "@weather/testing/weather-gov";
import { NationalWeatherService } from "./national-weather-service.ts";

const contact = "me@example.org";
const log = { warn: () => {} };

describe("the National Weather Service", () => {
  let gov: Awaited<ReturnType<typeof openWeatherGov>>;
  beforeEach(async () => {
    gov = await openWeatherGov();
  });
  afterEach(() => gov.close());
  const open = (deadline = 5_000, patience: { rest?: number; usable?: number } = {}) =>
    new NationalWeatherService({ url: gov.url, contact, deadline, log, ...patience });

  const bodyOf = async (path: string) => (await fetch(gov.url + path)).json();

  it("is asked for the place, then for its forecast in words and in numbers", async () => {
    const { updatedAt, days } = await open().forecast(columbus);
    expect(updatedAt).toBe("2026-11-23T20:05:00.000Z");
    expect(days.map(({ date, high }) => [date, high?.value])).toEqual([
      ["2026-11-23", 9.4],
      ["2026-11-24", 7.2],
      ["2026-11-25", undefined],
    ]);
    expect(gov.seen.map(({ path }) => path).sort()).toEqual(Object.values(paths).sort());
  });

  it("gets the contact of the caller", async () => {
    await open().forecast(columbus);
    expect(gov.seen.map(({ headers }) => headers["user-agent"])).toEqual(
      Array.from({ length: 3 }, () => "weather-farm (me@example.org)"),
    );
  });

  it.each([
    ["cache-control", "public, max-age=60"],
    ["expires", new Date(Date.now() + 60_000).toUTCString()],
  ])("is not asked again as long as its answers may be kept by %s: %s", async (header, value) => {
    const headers = { [header]: value };
    for (const path of Object.values(paths)) gov.answers(path, { body: await bodyOf(path), headers });
    gov.seen.length = 0;
    const nws = open();
    const first = await nws.forecast(columbus);
    expect(await nws.forecast(columbus)).toEqual(first);
    expect(gov.seen).toHaveLength(3);
  });

  it("is asked whether an old answer is still valid", async () => {
    const grid = await bodyOf(paths.grid);
    const headers = { etag: '"one"', "cache-control": "max-age=0" };
    gov.answers(paths.grid, { status: 304, headers });
    gov.answersFirst(paths.grid, { body: grid, headers });
    const nws = open();
    const first = await nws.forecast(columbus);
    expect(await nws.forecast(columbus)).toEqual(first);
    expect(gov.seen.filter(({ headers }) => headers["if-none-match"] === '"one"')).toHaveLength(1);
  });

  it("is asked once for any number of callers at the same time", async () => {
    const nws = open();
    const forecasts = await Promise.all(Array.from({ length: 20 }, () => nws.forecast(columbus)));
    expect(new Set(forecasts.map((forecast) => JSON.stringify(forecast))).size).toBe(1);
    expect(gov.seen).toHaveLength(3);
  });

  it("is asked once for the same address by two stations", async () => {
    const nws = open();
    await Promise.all([nws.forecast(columbus), nws.forecast({ ...columbus, id: "KOSU" })]);
    expect(gov.seen).toHaveLength(3);
  });

  it("is asked again after it failed", async () => {
    gov.answersFirst(paths.grid, { status: 500 }, { status: 503 });
    expect((await open().forecast(columbus)).days).toHaveLength(3);
    expect(gov.asked(paths.grid)).toBe(3);
  });

  it("is not asked for as long as it says", async () => {
    gov.answersFirst(paths.points, { status: 429, headers: { "retry-after": "1" } });
    const began = performance.now();
    await open().forecast(columbus);
    expect(performance.now() - began).toBeGreaterThan(950);
    expect(gov.asked(paths.points)).toBe(2);
  });

  it("may redirect", async () => {
    gov.answers("/points/39.9912,-82.8801", { status: 301, headers: { location: paths.points } });
    const { days } = await open().forecast({ ...columbus, latitude: 39.99123, longitude: -82.88009 });
    expect(days).toHaveLength(3);
  });

  it("may redirect in circles: then there is no forecast", async () => {
    gov.answers(paths.points, { status: 301, headers: { location: paths.points } });
    await expect(open().forecast(columbus)).rejects.toThrow("redirects again after 3 redirections");
  });

  it.each([
    ["another host", "http://localhost:PORT/secret"],
    ["another port", "http://127.0.0.1:1/"],
    ["an address that begins like its own", "http://127.0.0.1:PORT0/"],
    ["another scheme", "file:///etc/passwd"],
    ["what is no address", "http://["],
  ])("may not send us to %s", async (_, target) => {
    const location = target.replace("PORT", new URL(gov.url).port);
    gov.answers(paths.grid, { status: 302, headers: { location } });
    await expect(open().forecast(columbus)).rejects.toMatchObject({
      name: "NoLiveForecast",
      message: expect.stringMatching(/no other host than itself is asked|no address/) as string,
    });
    expect(gov.asked("/secret")).toBe(0);
  });

  it("may not name another host for its forecast", async () => {
    const elsewhere = await openWeatherGov();
    const body = structuredClone(
      (await bodyOf(paths.points)) as { properties: { forecastGridData: string } },
    );
    body.properties.forecastGridData = elsewhere.url + paths.grid;
    gov.answers(paths.points, { body });
    await expect(open().forecast(columbus)).rejects.toThrow(
      `${gov.url} points to ${elsewhere.url}: no other host than itself is asked`,
    );
    expect(elsewhere.seen).toEqual([]);
    elsewhere.close();
  });

  it("says why it has no forecast", async () => {
    const nowhere = { ...columbus, id: "EGLL", latitude: 51.47, longitude: -0.4543 };
    await expect(open().forecast(nowhere)).rejects.toThrow(
      `${gov.url}/points/51.47,-0.4543 answered 404: ` +
        "Data Unavailable For Requested Point: Unable to provide data for requested point",
    );
    gov.answers(paths.grid, {
      status: 500,
      body: problem(500, "Unexpected Problem", "An unexpected problem"),
    });
    await expect(open().forecast(columbus)).rejects.toThrow(
      "answered 500: Unexpected Problem: An unexpected problem",
    );
  });

  it.each([
    ["is no JSON", "<html>"],
    ["breaks off", '{"properties":'],
    ["has another form", { properties: { updateTime: "lately" } }],
    ["is empty", {}],
    ["is too long", JSON.stringify("x".repeat(1024 * 1024))],
  ])("has no forecast if its answer %s", async (_, body) => {
    gov.answers(paths.grid, { body });
    await expect(open().forecast(columbus)).rejects.toMatchObject({ name: "NoLiveForecast" });
  });

  const value = { validTime: "2026-11-24T00:00:00+00:00/PT1H", value: 1 };
  const period = { startTime: "2026-11-24T06:00:00-05:00", isDaytime: true, shortForecast: "Sunny" };
  it.each([
    ["periods", paths.forecast, { periods: Array(1_000).fill(period) }, "periods: Too big"],
    ["words", paths.forecast, { periods: [{ ...period, shortForecast: "x".repeat(301) }] }, "Too big"],
    ["values", paths.grid, { maxTemperature: { values: Array(10_000).fill(value) } }, "values: Too big"],
  ])("has no forecast if it has more %s than a forecast can have", async (_, path, layers, message) => {
    const { properties } = (await bodyOf(path)) as { properties: object };
    gov.answers(path, { body: { properties: { ...properties, ...layers } } });
    await expect(open().forecast(columbus)).rejects.toThrow(message);
  });

  it("has no forecast if it has no words", async () => {
    gov.answers(paths.forecast, { body: { properties: { periods: [] } } });
    await expect(open().forecast(columbus)).rejects.toThrow("gave an unexpected answer: properties.periods");
  });

  it("has no forecast if nobody is there", async () => {
    gov.close();
    await expect(open().forecast(columbus)).rejects.toThrow("did not answer: connect ECONNREFUSED");
  });

  it.each([
    ["it is slow", { after: 10_000 }],
    ["it stops in the middle", { body: '{"properties":', unfinished: true }],
    ["it asks for more patience than there is", { status: 429, headers: { "retry-after": "60" } }],
    ["it breaks again and again", { status: 503, headers: { "retry-after": "1" } }],
  ])("has no forecast in time if %s", async (_, answer) => {
    gov.answers(paths.grid, answer);
    const began = performance.now();
    await expect(open(300).forecast(columbus)).rejects.toThrow(`${paths.grid} did not answer in time`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it("is not asked for a while after it failed", async () => {
    gov.answersFirst(paths.points, { status: 404 });
    const nws = open(5_000, { rest: 50 });
    await expect(nws.forecast(columbus)).rejects.toThrow("404");
    await expect(nws.forecast(columbus)).rejects.toThrow("404");
    expect(gov.asked(paths.points)).toBe(1);
    await setTimeout(100);
    expect((await nws.forecast(columbus)).days).toHaveLength(3);
  });

  describe("after it had a forecast", () => {
    it.each([
      ["is forbidden", { status: 403, body: problem(403, "Forbidden", "no contact") }],
      ["breaks", { status: 500 }],
      ["is slow", { after: 10_000 }],
      ["sends us elsewhere", { status: 301, headers: { location: "http://localhost:1/" } }],
      ["says nonsense", { body: { properties: { updateTime: "lately" } } }],
    ])("serves on with it while it %s, and has a new one afterwards", async (_, answer) => {
      const usual = await bodyOf(paths.grid);
      const nws = open(500, { rest: 50 });
      const first = await nws.forecast(columbus);
      gov.answers(paths.grid, answer);
      expect(await nws.forecast(columbus)).toBe(first);
      gov.answers(paths.grid, { body: usual });
      await setTimeout(100);
      const next = await nws.forecast(columbus);
      expect(next).not.toBe(first);
      expect(next).toEqual(first);
    });

    it("has none any more when that is too old", async () => {
      const nws = open(500, { rest: 50, usable: 200 });
      const first = await nws.forecast(columbus);
      gov.answers(paths.grid, { status: 403 });
      expect(await nws.forecast(columbus)).toBe(first);
      await setTimeout(300);
      await expect(nws.forecast(columbus)).rejects.toThrow("answered 403");
    });

    it("does not serve with that of another station", async () => {
      const nws = open();
      await nws.forecast(columbus);
      gov.answers(paths.grid, { status: 403 });
      await expect(nws.forecast({ ...columbus, id: "KOSU" })).rejects.toThrow("answered 403");
    });
  });
});
