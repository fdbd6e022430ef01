import { describe, expect, it } from "vitest";
import { exampleClimate } from "./example.ts";
import { forecaster, UnknownStation, type Question } from "./forecaster.ts";
import { seedFrom } from "./random.ts";

const { forecast, risk, stations } = forecaster(exampleClimate);
const question: Question = { station: "KEXA", start: "2026-11-23", days: 10, members: 1000, seed: 7 };
const observed = { date: "2026-11-22", high: 18, low: 10, precipitation: 0 };
const widths = (element: "high" | "low", asked: Question) =>
  forecast(asked).map((day) => day[element].p90 - day[element].p10);

describe("a forecast", () => {
  it("is the same to the last byte wherever and whenever it is made", () => {
    expect(JSON.stringify(forecast({ ...question, days: 2, members: 200, observed }))).toBe(pinned);
  });

  it("does not depend on the forecasts made before it", () => {
    const first = forecast(question);
    forecast({ ...question, station: "KEXB", members: 2000, seed: 8, observed });
    expect(forecast(question)).toEqual(first);
  });

  it("begins with the shorter forecast of the same question", () => {
    expect(forecast(question).slice(0, 3)).toEqual(forecast({ ...question, days: 3 }));
  });

  it("differs from seed to seed, neighbours too, but not by much", () => {
    const [a, b] = [7, 8].map((seed) => forecast({ ...question, seed }));
    expect(a).not.toEqual(b);
    a?.forEach((day, i) => expect(Math.abs(day.high.p50 - (b?.[i]?.high.p50 ?? NaN))).toBeLessThan(1.5));
  });

  it("goes over the end of a year, and through 29 February", () => {
    const dates = (start: string) => forecast({ ...question, start, days: 3 }).map(({ date }) => date);
    expect(dates("2027-12-30")).toEqual(["2027-12-30", "2027-12-31", "2028-01-01"]);
    expect(dates("2028-02-28")).toEqual(["2028-02-28", "2028-02-29", "2028-03-01"]);
  });

  it.each(["2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15"])(
    "keeps its figures in order, %s",
    (start) => {
      for (const seed of [1, 2, 3, 4, 5]) {
        for (const { high, low, precipitation } of forecast({
          ...question,
          start,
          members: 10 + seed,
          seed,
        })) {
          const percentiles = ["p10", "p25", "p50", "p75", "p90"] as const;
          for (const spread of [high, low]) {
            const values = percentiles.map((p) => spread[p]);
            expect(values).toEqual(values.toSorted((a, b) => a - b));
          }
          for (const p of percentiles) expect(low[p]).toBeLessThanOrEqual(high[p]);
          expect(precipitation.chance).toBeGreaterThanOrEqual(0);
          expect(precipitation.chance).toBeLessThanOrEqual(1);
          expect(precipitation.mean).toBeGreaterThanOrEqual(0);
          expect(precipitation.p90).toBeGreaterThanOrEqual(0);
        }
      }
    },
  );

  it("without an observation is the climate, with its full spread from the first day", () => {
    const [first = 0, ...later] = widths("high", question);
    for (const width of later) expect(Math.abs(width - first)).toBeLessThan(0.15 * first);
  });

  it("from an observation begins near it and widens towards the climate", () => {
    const days = forecast({ ...question, observed });
    const climate = forecast(question);
    // 18 °C is far above the mean of late November, which is near 8 °C.
    expect(days[0]?.high.p50).toBeGreaterThan((climate[0]?.high.p50 ?? NaN) + 3);
    expect(Math.abs((days[9]?.high.p50 ?? NaN) - (climate[9]?.high.p50 ?? NaN))).toBeLessThan(1.5);
    const [first = 0, second = 0] = widths("high", { ...question, observed });
    expect(first).toBeLessThan(second);
    expect(first).toBeLessThan(0.85 * (widths("high", question)[0] ?? NaN));
  });

  it("knows less of a start three days after the observation", () => {
    const late = { ...question, observed: { ...observed, date: "2026-11-20" } };
    expect(widths("low", late)[0]).toBeGreaterThan(widths("low", { ...question, observed })[0] ?? NaN);
  });

  it("says of an unknown station which ones there are", () => {
    expect(() => forecast({ ...question, station: "KJFK" })).toThrow(UnknownStation);
    expect(() => forecast({ ...question, station: "KJFK" })).toThrow(
      "no station KJFK: the stations are KEXA, KEXB",
    );
    expect(stations.map(({ id }) => id)).toEqual(["KEXA", "KEXB"]);
  });

  it.each([
    [{ days: 11 }, "days: expected a whole number from 1 to 10, got 11"],
    [{ members: 2001 }, "members: expected a whole number from 10 to 2000, got 2001"],
    [{ seed: -1 }, "seed: expected a whole number from 0 to 4294967295, got -1"],
    [{ start: "soon" }, "start: expected a date such as 2026-11-23, got soon"],
    [
      { observed: { ...observed, low: NaN } },
      "observed: expected a high, a low and an amount of precipitation",
    ],
    [
      { observed: { ...observed, date: "2026-11-23" } },
      "observed.date: expected 1 to 10 days before 2026-11-23, got 2026-11-23",
    ],
  ])("is refused for %j", (wrong, message) => {
    expect(() => forecast({ ...question, ...wrong })).toThrow(message);
  });
});

describe("a risk", () => {
  const frost = { of: "low", below: 0 } as const;

  it("is likelier over the whole period than on any of its days", () => {
    const { days, chance } = risk({ ...question, threshold: frost });
    expect(days).toHaveLength(10);
    for (const day of days) expect(chance).toBeGreaterThanOrEqual(day.chance);
    expect(chance).toBeGreaterThan(Math.max(...days.map((day) => day.chance)));
  });

  it("fits the forecast of the same question", () => {
    const [day] = forecast(question);
    const above = risk({ ...question, threshold: { of: "high", above: day?.high.p90 ?? NaN } });
    expect(above.days[0]?.chance).toBeCloseTo(0.1, 1);
    const wet = risk({ ...question, threshold: { of: "precipitation", above: 0 } });
    expect(Math.abs((wet.days[0]?.chance ?? NaN) - (day?.precipitation.chance ?? NaN))).toBeLessThan(0.05);
  });

  it("is nought for what does not happen, and begins anew with each question", () => {
    risk({ ...question, threshold: frost });
    expect(risk({ ...question, threshold: { of: "high", above: 60 } })).toMatchObject({ chance: 0 });
  });
});

it("a request's default seed is FNV-1a of station and start", () => {
  // www.isthe.com/chongo/src/fnv/test_fnv.c has "" and "a"; the seed hashes the text "KCMH 2026-11-23".
  expect(seedFrom("KCMH", "2026-11-23")).toBe(fnv);
  expect(seedFrom("KCLE", "2026-11-23")).not.toBe(fnv);
});

const fnv = 4246686627;
const pinned =
  '[{"date":"2026-11-23","high":{"p10":9.9,"p25":12.3,"p50":15.2,"p75":18.2,"p90":20.9},' +
  '"low":{"p10":1.8,"p25":4.6,"p50":6.8,"p75":9.2,"p90":11.8},' +
  '"precipitation":{"chance":0.41,"mean":2.6,"p90":9.9},"summary":"Chance of rain"},' +
  '{"date":"2026-11-24","high":{"p10":6.2,"p25":9.1,"p50":12.2,"p75":15.6,"p90":18.9},' +
  '"low":{"p10":-3.2,"p25":0.3,"p50":3.4,"p75":6.9,"p90":9.9},' +
  '"precipitation":{"chance":0.44,"mean":2.9,"p90":10.2},"summary":"Chance of rain"}]';
