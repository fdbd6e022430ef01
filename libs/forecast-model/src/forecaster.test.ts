import { describe, expect, it } from "vitest";
import { exampleClimate } from "./example.ts";
import { forecaster, UnknownStation, type Question } from "./forecaster.ts";
import { seedFrom } from "./random.ts";

const { forecast, risk, stations, neighbours, given, startedFrom } = forecaster(exampleClimate);
const question: Question = { station: "KEXA", start: "2026-11-23", days: 10, members: 1000, seed: 7 };
const observed = { date: "2026-11-22", high: 18, low: 10, precipitation: 0 };
const widths = (element: "high" | "low", asked: Question) =>
  forecast(asked).map((day) => day[element].p90 - day[element].p10);

describe("a forecast", () => {
  it("is the same to the last byte on any machine at any time", () => {
    expect(JSON.stringify(forecast({ ...question, days: 2, members: 200, observed }))).toBe(pinned);
  });

  it("does not depend on the forecasts made before it", () => {
    const first = forecast(question);
    forecast({ ...question, station: "KEXB", members: 2000, seed: 8, observed });
    expect(forecast(question)).toEqual(first);
  });

  it("begins with the days of a shorter forecast of the same question", () => {
    expect(forecast(question).slice(0, 3)).toEqual(forecast({ ...question, days: 3 }));
  });

  it("differs a little between seeds, also between neighbouring ones", () => {
    const [a, b] = [7, 8].map((seed) => forecast({ ...question, seed }));
    expect(a).not.toEqual(b);
    a?.forEach((day, i) => expect(Math.abs(day.high.p50 - (b?.[i]?.high.p50 ?? NaN))).toBeLessThan(1.5));
  });

  it("may contain the end of a year, and 29 February", () => {
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

  it("names the stations if the station is unknown", () => {
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

describe("a forecast that is given observations", () => {
  const yesterday = "2026-11-22";
  const own = { station: "KEXA", ...observed };
  const west = { station: "IN_Example_5_W", date: yesterday, high: 18, low: 10, precipitation: 0 };
  const spread = (answers: Pick<ReturnType<typeof given>, "forecast">, lead = 0) => {
    const { high } = answers.forecast({ ...question, members: 2000 })[lead]!;
    return { middle: high.p50, width: high.p90 - high.p10 };
  };
  const climate = spread({ forecast });

  it("is the same as with the same observation in the request", () => {
    expect(given([own]).forecast(question)).toEqual(forecast({ ...question, observed }));
  });

  it("uses a neighbour: warmth in the west comes tomorrow", () => {
    const { middle, width } = spread(given([west]));
    expect(middle).toBeGreaterThan(climate.middle + 3);
    expect(width).toBeLessThan(0.9 * climate.width);
    expect(spread(given([own, west])).width).toBeLessThan(spread(given([own])).width);
  });

  it("starts from the others when a station falls silent", () => {
    const before = { ...own, date: "2026-11-20" };
    expect(spread(given([before, west])).width).toBeLessThan(spread(given([before])).width);
  });

  it("knows more with this morning's low", () => {
    const morning = { station: "KEXA", date: question.start, low: -8 };
    const cold = given([own, morning]).forecast(question)[0]!;
    expect(Math.abs(cold.low.p50 - -8)).toBeLessThan(0.5);
    expect(cold.high.p50).toBeLessThan(spread(given([own])).middle - 3);
  });

  it("uses the existing values of an observation", () => {
    const { width } = spread(given([{ station: "KEXA", date: yesterday, high: 18 }]));
    expect(width).toBeLessThan(climate.width);
    expect(width).toBeGreaterThan(spread(given([own])).width);
    expect(spread(given([{ ...own, high: NaN, low: NaN, precipitation: undefined }]))).toEqual(climate);
  });

  it("depends neither on their order nor on unknown stations", () => {
    const all = [own, west, { ...own, date: "2026-11-21" }];
    const forecasts = [all, all.toReversed(), [...all, { ...own, station: "KJFK" }]];
    const [first, ...others] = forecasts.map((one) => given(one).forecast(question));
    for (const other of others) expect(other).toEqual(first);
  });

  it("uses the later in the list of two observations of one day", () => {
    expect(given([{ ...own, high: 3 }, own]).forecast(question)).toEqual(given([own]).forecast(question));
  });

  it("lists the observations that it started from: the two newest days of each station, none of the future, none that is too old", () => {
    const dates = ["2026-11-10", "2026-11-19", "2026-11-20", "2026-11-22", question.start, "2026-11-24"];
    const { startedFrom } = given(dates.map((date) => ({ ...own, date })));
    expect(startedFrom(question).map(({ date }) => date)).toEqual([
      question.start,
      "2026-11-22",
      "2026-11-20",
    ]);
    expect(startedFrom({ ...question, start: "2026-12-20" })).toEqual([]);
    expect(startedFrom({ ...question, observed })).toEqual([own]);
  });

  it("starts from no observation if none is given", () => {
    expect(startedFrom(question)).toEqual([]);
    expect(given([]).forecast(question)).toEqual(forecast(question));
  });

  it("computes each set of observations separately", () => {
    const [warm, cold] = [given([own]), given([{ ...own, high: -5, low: -12 }])];
    const [first] = [warm.forecast(question), cold.forecast(question)];
    expect(warm.forecast(question)).toEqual(first);
    expect(warm.risk({ ...question, threshold: { of: "low", below: 0 } }).days[0]!.chance).toBeLessThan(
      cold.risk({ ...question, threshold: { of: "low", below: 0 } }).days[0]!.chance,
    );
  });

  it("lists the neighbours that it uses", () => {
    expect(neighbours).toEqual([
      { id: "IN_Example_5_W", name: "Example West", latitude: 39, longitude: -88 },
    ]);
    expect(() => forecast({ ...question, station: "IN_Example_5_W" })).toThrow(UnknownStation);
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

  it("agrees with the forecast of the same question", () => {
    const [day] = forecast(question);
    const above = risk({ ...question, threshold: { of: "high", above: day?.high.p90 ?? NaN } });
    expect(above.days[0]?.chance).toBeCloseTo(0.1, 1);
    const wet = risk({ ...question, threshold: { of: "precipitation", above: 0 } });
    expect(Math.abs((wet.days[0]?.chance ?? NaN) - (day?.precipitation.chance ?? NaN))).toBeLessThan(0.05);
  });

  it("is 0 for what does not happen, and begins again with each question", () => {
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
  '[{"date":"2026-11-23","high":{"p10":9.8,"p25":12.9,"p50":15.8,"p75":18.5,"p90":21.6},' +
  '"low":{"p10":1.5,"p25":4.1,"p50":7.1,"p75":10.1,"p90":12.6},' +
  '"precipitation":{"chance":0.42,"mean":2.3,"p90":6.8},"summary":"Chance of rain"},' +
  '{"date":"2026-11-24","high":{"p10":5.5,"p25":9.5,"p50":12.9,"p75":16.3,"p90":20.5},' +
  '"low":{"p10":-2.3,"p25":0.9,"p50":4.2,"p75":7.5,"p90":10.6},' +
  '"precipitation":{"chance":0.43,"mean":3.3,"p90":10.4},"summary":"Chance of rain"}]';
