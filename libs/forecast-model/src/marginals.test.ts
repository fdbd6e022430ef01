import { describe, expect, it } from "vitest";
import { calendarDay, dayNumber } from "./calendar.ts";
import { exampleStation } from "./example.ts";
import { Gamma } from "./gamma.ts";
import { Marginals } from "./marginals.ts";
import { normalQuantile, probabilityBelow } from "./normal.ts";

const { high, precipitation } = new Marginals(exampleStation);
const winter = dayNumber("2026-01-20");
const summer = dayNumber("2026-07-20");

it("the normal distribution and its quantiles are those of the tables", () => {
  for (const [z, p] of [
    [0, 0.5],
    [1, 0.841345],
    [-1.959964, 0.025],
    [3, 0.99865],
  ] as const) {
    expect(probabilityBelow(z)).toBeCloseTo(p, 6);
    expect(normalQuantile(p)).toBeCloseTo(z, 4);
  }
});

describe("a temperature", () => {
  it("becomes the score of its quantile, and the score becomes the value again", () => {
    for (const day of [winter, summer]) {
      for (const score of [-3, -1.2, 0, 0.5, 2, 3.5])
        expect(high.score(high.value(score, day), day)).toBeCloseTo(score, 1);
    }
    expect(high.score(high.mean(winter), winter)).toBeCloseTo(0, 5);
  });

  it("outside the climate has the farthest score, not a greater one", () => {
    expect(high.score(80, winter)).toBe(5);
    expect(high.score(-80, winter)).toBe(-5);
  });

  it("is warmer from year to year, for forty years at most", () => {
    const in2036 = dayNumber("2036-07-20");
    expect(high.mean(in2036) - high.mean(summer)).toBeCloseTo(0.3, 1);
    expect(high.mean(dayNumber("9999-07-20"))).toBeCloseTo(high.mean(dayNumber("2100-07-20")), 1);
  });
});

describe("precipitation", () => {
  const july = calendarDay(summer);

  it("becomes a score, and the score becomes the amount again", () => {
    for (const amount of [0.3, 2, 10, 40]) {
      const { value, error } = precipitation.score(amount, july);
      expect(error).toBe(0);
      expect(precipitation.amount(value, july)).toBeCloseTo(amount, 0);
      expect(value).toBeGreaterThan(precipitation.threshold(july));
    }
  });

  it("of a dry day shows that the score is low, not how low", () => {
    const { value, error } = precipitation.score(0, july);
    expect(value).toBeLessThan(precipitation.threshold(july));
    expect(error).toBeGreaterThan(0.3);
  });
});

it("a gamma distribution's probabilities are the inverse of its quantiles", () => {
  const gamma = new Gamma(0.7);
  for (const p of [0, 0.2, 0.5, 0.9, 0.999, 0.99999])
    expect(gamma.probability(gamma.quantile(p))).toBeCloseTo(p, 6);
});
