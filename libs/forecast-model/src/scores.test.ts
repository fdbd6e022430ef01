import { describe, expect, it } from "vitest";
import { quantile } from "./quantiles.ts";
import { Deviates } from "./random.ts";
import { crps, EnsembleScore, ProbabilityScore, skill } from "./scores.ts";
import { Tally } from "./tally.ts";

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

  it("of probabilities are Brier's, kept by tenths of probability", () => {
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

describe("a tally", () => {
  it("has the quantiles of the values that it counted, to a tenth", () => {
    const deviates = new Deviates(2);
    const tally = new Tally(-100, 70);
    const values = new Float64Array(1000);
    for (const size of [10, 11, 200, 999]) {
      deviates.normal(values, 1000);
      values.forEach((value, i) => (values[i] = 10 * value));
      tally.count(values, size);
      const sorted = values.slice(0, size).sort();
      for (const p of [0.1, 0.5, 0.9, 0.02, 0.98]) {
        expect(Math.abs(tally.quantile(p) - quantile(sorted, p))).toBeLessThanOrEqual(0.0501);
      }
    }
  });

  it("counts what lies beyond its range as the nearest value", () => {
    const tally = new Tally(0, 1).count(Float64Array.of(-5, 0.5, 9), 3);
    expect([0.25, 0.5, 0.75].map((p) => tally.quantile(p))).toEqual([0, 0.5, 1]);
  });
});
