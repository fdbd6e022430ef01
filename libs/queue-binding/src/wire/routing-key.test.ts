import { describe, expect, it } from "vitest";
import { matches } from "./routing-key.ts";

describe("a routing key", () => {
  it.each([
    ["observed.#", "observed.ohio.KCMH", true],
    ["observed.#", "observed", true],
    ["observed.#", "weather.ohio", false],
    ["#.ohio", "ohio", true],
    ["#.ohio", "news.sports.ohio", true],
    ["#.ohio", "ohio.news", false],
    ["*.ohio", "news.ohio", true],
    ["*.ohio", "ohio", false],
    ["a.#.b.#", "a.x.b.b", true],
    ["#", "", true],
    ["a.b", "a.b.c", false],
  ])("is bound by %s: %s, %s", (bindingKey, routingKey, expected) => {
    expect(matches(bindingKey, routingKey)).toBe(expected);
  });
});
