import { describe, expect, it } from "vitest";
import { LastMinute } from "./last-minute.ts";

describe("the last minute", () => {
  it("has median and 99th percentile within 10 %", () => {
    for (const scale of [0.1, 1, 700, 100_000]) {
      const minute = new LastMinute();
      for (let at = 1; at <= 1_000; at += 1) minute.add((scale * at) / 1_000, at);
      const { count, times } = minute.read(1_000);
      expect(count).toBe(1_000);
      expect(Math.abs(Math.log(times!.p50 / (scale * 0.5)))).toBeLessThan(0.1);
      expect(Math.abs(Math.log(times!.p99 / (scale * 0.99)))).toBeLessThan(0.1);
    }
  });

  it("forgets times that are more than a minute old, within five seconds, and accepts new ones", () => {
    const minute = new LastMinute();
    minute.add(5, 1_000);
    minute.add(500, 31_000);
    expect(minute.read(59_000).count).toBe(2);
    const { count, times } = minute.read(65_000);
    expect(count).toBe(1);
    expect(times?.p50).toBeCloseTo(500, -2);
    expect(minute.read(96_000)).toEqual({ count: 0, times: null });
    minute.add(7, 10_000_000);
    expect(minute.read(10_000_000).count).toBe(1);
  });

  it("accepts any time from 0", () => {
    const minute = new LastMinute();
    for (const time of [0, 0.001, 1e12]) minute.add(time, 0);
    expect(minute.read(0)).toMatchObject({ count: 3, times: { p50: 0 } });
  });
});
