import { stationsOf } from "@weather/contracts";
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
    // Each of them answers for the place where it stands.
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

  test("asks for a place, and exits 65 where no station is near", async ({ serve, weather }) => {
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

  test("exits 69 where nobody serves a state, and shows the stations of the others", async ({
    serve,
    weather,
  }) => {
    await serve("ohio");
    const { code, output, errors } = await weather("stations", "virginia", "ohio");
    expect([code, output[0]]).toEqual([69, "Stations of ohio"]);
    expect(errors).toEqual([expect.stringContaining("nobody serves weather.virginia")]);
  });
});
