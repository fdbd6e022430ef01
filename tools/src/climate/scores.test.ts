import { Deviates } from "@weather/forecast-model/parts";
import { describe, expect, it } from "vitest";
import { crps, EnsembleScore, ProbabilityScore, skill } from "./scores.ts";

describe("CRPS", () => {
  it("of one member is its distance", () => {
    expect(crps(Float64Array.of(3), 5)).toBe(2);
  });

  it("is the mean distance to the observation less half of that among the members", () => {
    const members = Float64Array.of(1, 2, 4, 8);
    let among = 0;
    for (const a of members) for (const b of members) among += Math.abs(a - b);
    const toObserved = members.reduce((sum, member) => sum + Math.abs(member - 3), 0) / 4;
    expect(crps(members, 3)).toBeCloseTo(toObserved - among / 32, 12);
  });

  it("of normal members is that of the normal distribution", () => {
    const members = new Float64Array(20_000);
    new Deviates(1).normal(members, members.length);
    members.sort();
    // Gneiting & Raftery (2007), equation 21, at the mean: (√2 - 1) / √π.
    expect(crps(members, 0)).toBeCloseTo((Math.SQRT2 - 1) / Math.sqrt(Math.PI), 2);
  });
});

describe("scores", () => {
  it("of two sets together are those of one set", () => {
    const [a, b, both] = [new EnsembleScore(), new EnsembleScore(), new EnsembleScore()];
    const members = Float64Array.from({ length: 19 }, (_, i) => i);
    for (const score of [a, both]) score.add(members, 9);
    for (const score of [b, both]) score.add(members, 30);
    const together = a.with([b]);
    expect([together.crps, together.coverage, together.meanAbsoluteError]).toEqual([
      both.crps,
      both.coverage,
      both.meanAbsoluteError,
    ]);
    expect(both.coverage).toBe(0.5);
  });

  it("of probabilities are Brier's, counted by tenths of probability", () => {
    const score = new ProbabilityScore();
    score.add(0.25, true);
    score.add(0.25, false);
    score.add(1, true);
    expect(score.brier).toBeCloseTo((0.5625 + 0.0625 + 0) / 3);
    expect(score.bins[2]).toEqual({ count: 2, probability: 0.5, happened: 1 });
    expect(score.bins[9]?.count).toBe(1);
    expect(skill(0.15, 0.2)).toBeCloseTo(0.25);
  });
});
