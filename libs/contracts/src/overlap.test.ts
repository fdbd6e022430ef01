import { describe, expect, it } from "vitest";
import { forecastFrom, overlap, stateNames } from "./index.ts";

describe("binding keys", () => {
  it.each([
    ["#.ohio", "#.ohio", true],
    ["#.ohio", "sports.#", true],
    ["#.ohio", "#.east.ohio", true],
    ["#.ohio", "ohio", true],
    ["#.ohio", "*.ohio", true],
    ["#", "#.ohio", true],
    ["*.*", "#.ohio", true],
    ["#.ohio", "#.virginia", false],
    ["#.virginia", "#.west-virginia", false],
    ["*", "weather.ohio", false],
    ["weather.ohio", "weather.ohio.east", false],
    ["weather.*", "sports.#", false],
  ])("%s and %s catch the same request: %s", (one, other, both) => {
    expect(overlap(one, other)).toBe(both);
    expect(overlap(other, one)).toBe(both);
  });

  it("of two farms never do", () => {
    const keys = stateNames.map((state) => forecastFrom(state).bindingKey);
    const pairs = keys.flatMap((key, index) => keys.slice(index + 1).map((other) => [key, other] as const));
    expect(pairs.filter(([key, other]) => overlap(key, other))).toEqual([]);
  });
});
