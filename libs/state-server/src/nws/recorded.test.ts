import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { forecast, gridpoint, points } from "./answers.ts";
import { daysFrom } from "./days.ts";

// Recorded answers of api.weather.gov are not kept in this repository.
const data = process.env.WEATHER_DATA ?? join(import.meta.dirname, "../../../../../shared/weather-data");
const recorded = existsSync(join(data, "nws"));
if (!recorded) console.info(`no recorded answers in ${data}/nws: their test is left out (set WEATHER_DATA)`);

const read = (name: string): unknown => JSON.parse(readFileSync(join(data, "nws", `${name}.json`), "utf8"));
const daysAt = (place: string) =>
  daysFrom(
    forecast.parse(read(`${place}-forecast`)).properties.periods,
    gridpoint.parse(read(`${place}-gridpoints`)).properties,
    points.parse(read(`${place}-points`)).properties.timeZone,
  );

describe.skipIf(!recorded)("recorded answers", () => {
  it("of Albany have seven days, each with a high and a chance, and amounts as far as NWS gives them", () => {
    const days = daysAt("ny-albany");
    expect(days.map(({ date }) => date)).toEqual(
      ["15", "16", "17", "18", "19", "20", "21"].map((day) => `2026-07-${day}`),
    );
    expect(days.map(({ high }) => high?.value)).toEqual([29.4, 28.9, 28.9, 28.3, 27.2, 27.2, 28.9]);
    expect(days.map(({ low }) => low?.value)).toEqual([undefined, 18.9, 16.7, 16.7, 17.8, 15, 17.8]);
    // Issued at 2:37 PM: the night's low is 15 hours ahead.
    expect(days.map(({ low }) => low?.lead)).toEqual([undefined, 15.4, 39.4, 63.4, 87.4, 111.4, 135.4]);
    expect(days.map(({ precipitation }) => precipitation)).toEqual([
      { chance: 0.07, amount: 0 },
      { chance: 0.04, amount: 0 },
      { chance: 0.04, amount: 0 },
      { chance: 0.94 },
      { chance: 0.85 },
      { chance: 0.1 },
      { chance: 0.64 },
    ]);
    expect(days.map(({ summary }) => summary)).toContain("Rain Showers Likely");
  });

  it("of Arlington, which NWS shortened and altered for its tests, have what is left", () => {
    expect(daysAt("va-arlington")).toMatchObject([
      { date: "2024-03-19", summary: "Haze" },
      {
        date: "2024-03-20",
        high: { value: 16.7 },
        low: { value: 4.4 },
        precipitation: { chance: 0.05, amount: 0 },
      },
      {
        date: "2024-03-21",
        high: { value: 16.7 },
        low: { value: 4.4 },
        precipitation: { chance: 0.06, amount: 0 },
      },
    ]);
  });
});
