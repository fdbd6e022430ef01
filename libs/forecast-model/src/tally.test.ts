import { describe, expect, it } from "vitest";
import { Deviates } from "./random.ts";
import { Tally } from "./tally.ts";

/** Definition 6 of Hyndman & Fan (1996), by sorting. */
function quantile(sorted: Float64Array, p: number): number {
  const position = Math.min(Math.max((sorted.length + 1) * p, 1), sorted.length);
  const low = sorted[Math.floor(position) - 1] ?? NaN;
  const high = sorted[Math.floor(position)] ?? low;
  return low + (position % 1) * (high - low);
}

describe("a tally", () => {
  it("has the quantiles of the counted values, to a tenth", () => {
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

  it("counts a value outside its range as the nearest one", () => {
    const tally = new Tally(0, 1).count(Float64Array.of(-5, 0.5, 9), 3);
    expect([0.25, 0.5, 0.75].map((p) => tally.quantile(p))).toEqual([0, 0.5, 1]);
  });
});
