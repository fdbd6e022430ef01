import { describe, expect, it } from "vitest";
import { dayFrom, localDay, standardOffset } from "./day.ts";
import type { Reading } from "./readings.ts";

const eastern = standardOffset("America/New_York");
const hour = 3_600_000;
const noon = Date.parse("2026-07-02T12:00:00-05:00");
const today = localDay(noon, eastern);

/** A report at 53 minutes past each hour, as stations make them: coldest at 5, warmest at 15 o'clock. */
const hourly = (hours: number, change: Partial<Reading> = {}): Reading[] =>
  Array.from({ length: hours }, (_, at) => ({
    time: today.from + at * hour + 53 * 60_000,
    temperature: 20 - 8 * Math.cos(((at - 3) / 12) * Math.PI),
    precipitation: 0,
    ...change,
  }));

describe("a station's day", () => {
  it("is from midnight to midnight in local standard time, in summer too", () => {
    expect(eastern).toBe(-5 * hour);
    expect(standardOffset("America/Phoenix")).toBe(-7 * hour);
    expect(today).toEqual({
      date: "2026-07-02",
      from: Date.parse("2026-07-02T01:00:00-04:00"),
      to: today.from + 24 * hour,
    });
    expect(localDay(today.from - 1, eastern).date).toBe("2026-07-01");
    expect(localDay(noon, eastern, 2).date).toBe("2026-06-30");
  });

  it("that is over has its highest, its lowest and the sum of its rain, and replaces the day so far", () => {
    const rain = hourly(24).map((one, at) => ({
      ...one,
      precipitation: at === 10 ? 2.5 : at === 11 ? 0.4 : 0,
    }));
    // A special report within the hour has the sum so far. The next regular report includes it.
    const special = { time: today.from + 10 * hour + 20 * 60_000, temperature: 21, precipitation: 1 };
    const whole = dayFrom([...rain, special], today, today.to);
    expect(whole).toMatchObject({
      date: "2026-07-02",
      high: 28,
      low: 12,
      precipitation: 2.9,
      complete: true,
    });
    const soFar = dayFrom(hourly(12), today, noon);
    expect(soFar).toMatchObject({ low: 12, complete: false });
    expect(whole?.revision).toBeGreaterThan(soFar?.revision ?? Infinity);
  });

  it("is missing at night, before its low has come, and with too few hours", () => {
    expect(dayFrom(hourly(8), today, today.from + 8.9 * hour)).toBeUndefined();
    expect(dayFrom(hourly(12), today, today.to)).toBeUndefined();
    expect(dayFrom([], today, today.to)).toBeUndefined();
    expect(dayFrom(hourly(24, { temperature: undefined }), today, today.to)).toBeUndefined();
  });

  it("has no precipitation if the gauge does not report", () => {
    expect(dayFrom(hourly(24, { precipitation: undefined }), today, today.to)).not.toHaveProperty(
      "precipitation",
    );
  });
});
