import { describe, expect, it } from "vitest";
import { forecast as words, gridpoint as numbers } from "@weather/testing/weather-gov";
import { forecast, gridpoint } from "./answers.ts";
import { daysFrom } from "./days.ts";

type Layers = Partial<Record<keyof typeof numbers.properties, unknown>>;

const daysWith = (layers: Layers = {}, timeZone = "America/New_York") => {
  const { periods } = forecast.parse(words).properties;
  const grid = gridpoint.parse({ ...numbers, properties: { ...numbers.properties, ...layers } }).properties;
  return daysFrom(periods, grid, timeZone);
};
const layer = (uom: string, ...values: [validTime: string, value: number | null][]) => ({
  uom,
  values: values.map(([validTime, value]) => ({ validTime, value })),
});

describe("the days of a forecast", () => {
  it("are calendar days of the station, with NWS's values and no others", () => {
    expect(daysWith()).toEqual([
      {
        date: "2026-11-23",
        // Issued at 20:05 UTC; 6 PM there is 23:00 UTC, 6 AM 11:00 UTC.
        high: { value: 9.4, lead: 2.9 },
        // 7 h at 0 mm, and the first 5 of 24 h that have 2.4 mm.
        precipitation: { chance: 0.26, amount: 0.5 },
        summary: "Mostly Clear",
      },
      {
        date: "2026-11-24",
        high: { value: 7.2, lead: 26.9 },
        low: { value: -1.1, lead: 14.9 },
        // 19 of 24 h that have 2.4 mm, and 5 of 6 h that have 6 mm.
        precipitation: { chance: 0.84, amount: 6.9 },
        summary: "Chance Rain",
      },
      // Of this day only the first hour has a chance, and no hour an amount.
      { date: "2026-11-25", low: { value: 2, lead: 38.9 }, precipitation: {}, summary: "Sunny" },
    ]);
  });

  it("differ in another time zone", () => {
    const honolulu = daysWith({}, "Pacific/Honolulu");
    expect(honolulu.map(({ date, summary }) => [date, summary])).toEqual([
      ["2026-11-23", "Mostly Clear"],
      ["2026-11-24", "Chance Rain"],
      ["2026-11-25", "Sunny"],
    ]);
    // 10:00 UTC is midnight there: 14 of 24 h that have 2.4 mm, and all of the 6 mm; then nothing is known.
    expect(honolulu.map(({ precipitation }) => precipitation.amount)).toEqual([1, undefined, undefined]);
  });

  it("are 23 hours long where the clock is put forward", () => {
    const periods = [
      { startTime: new Date("2026-03-08T11:00:00Z"), isDaytime: true, shortForecast: "Sunny" },
      { startTime: new Date("2026-03-09T11:00:00Z"), isDaytime: true, shortForecast: "Sunny" },
    ];
    const rain = layer(
      "wmoUnit:mm",
      ["2026-03-08T05:00:00+00:00/PT23H", 23],
      ["2026-03-09T04:00:00Z/P1D", 48],
    );
    const { properties } = gridpoint.parse({
      properties: { updateTime: "2026-03-08T00:00:00Z", quantitativePrecipitation: rain },
    });
    const days = daysFrom(periods, properties, "America/New_York");
    expect(days.map(({ precipitation }) => precipitation.amount)).toEqual([23, 48]);
  });

  it.each([
    ["wmoUnit:degF", 45, 7.2],
    ["unit:degC", 7.2222, 7.2],
    ["unit:degF", 45, 7.2],
    ["wmoUnit:K", 280.35, 7.2],
  ])("have °C, be they given in %s", (uom, given, high) => {
    const maxTemperature = layer(uom, ["2026-11-24T12:00:00+00:00/PT13H", given]);
    expect(daysWith({ maxTemperature })[1]!.high).toMatchObject({ value: high });
  });

  it("have mm, also from inches", () => {
    const quantitativePrecipitation = layer("unit:in", ["2026-11-24T05:00:00+00:00/P1D", 0.5]);
    expect(daysWith({ quantitativePrecipitation })[1]!.precipitation.amount).toBe(12.7);
  });

  it("take one value for each of them from an interval of several days", () => {
    const maxTemperature = layer("wmoUnit:degC", ["2026-11-23T12:00:00+00:00/PT72H", 5]);
    expect(daysWith({ maxTemperature }).map(({ high }) => high?.value)).toEqual([5, 5, 5]);
  });

  it("take no low from the rest of a night in the morning", () => {
    const minTemperature = layer("wmoUnit:degC", ["2026-11-24T13:00:00+00:00/PT2H", 6]);
    expect(daysWith({ minTemperature })[1]!.low).toBeUndefined();
  });

  it("leave out what NWS leaves out", () => {
    const layers = {
      maxTemperature: undefined,
      minTemperature: {},
      probabilityOfPrecipitation: layer("wmoUnit:percent", ["2026-11-24T00:00:00+00:00/P2D", null]),
      quantitativePrecipitation: layer("wmoUnit:mm"),
    };
    expect(daysWith(layers)[1]).toEqual({ date: "2026-11-24", precipitation: {}, summary: "Chance Rain" });
  });

  it.each([
    ["an unknown unit", layer("wmoUnit:furlong", ["2026-11-24T12:00:00+00:00/PT13H", 7])],
    ["no unit", { values: [{ validTime: "2026-11-24T12:00:00+00:00/PT13H", value: 7 }] }],
    ["an impossible value", layer("wmoUnit:degC", ["2026-11-24T12:00:00+00:00/PT13H", 999])],
    ["an unreadable time", layer("wmoUnit:degC", ["tomorrow", 7])],
  ])("are not made of %s", (_, maxTemperature) => {
    expect(() => daysWith({ maxTemperature })).toThrow("cannot make sense of");
  });
});
