import { describe, expect, it } from "vitest";
import { factorize, rowStart } from "./cholesky.ts";
import fitted from "./correlations.json" with { type: "json" };
import { Covariances, correlationsSchema, covarianceOf } from "./correlations.ts";
import { posterior } from "./posterior.ts";

const parameters = correlationsSchema.parse(fitted);
const here = { latitude: 40, longitude: -83 };
const west = { latitude: 40, longitude: -88 };
const covariances = new Covariances(parameters, [here, west]);
const high = { place: 0, day: -1, element: 0, value: 1, error: 0 };

/** Variance of a variable, from its row of the factor. */
const variance = (factor: Float64Array, row: number) =>
  factor.subarray(rowStart(row), rowStart(row + 1)).reduce((sum, value) => sum + value * value, 0);

describe("correlations", () => {
  const of = covarianceOf(parameters);

  it("of an element with itself, here and now, are 1", () => {
    const now = of(0, 0, 0, true);
    for (const element of [0, 1, 2]) expect(now[4 * element]).toBeCloseTo(1, 2);
  });

  it("are the same in both orders", () => {
    const [there, back] = [of(300, -200, 2, false), of(-300, 200, -2, false)];
    for (let a = 0; a < 3; a++)
      for (let b = 0; b < 3; b++) expect(there[3 * a + b]).toBeCloseTo(back[3 * b + a]!, 12);
  });

  it("are greater with a station upstream than with one downstream", () => {
    expect(of(500, -100, 1, false)[0]).toBeGreaterThan(of(-500, 100, 1, false)[0]! + 0.2);
  });

  it("make a covariance matrix, for any stations and any known days", () => {
    const places = Array.from({ length: 12 }, (_, i) => ({
      latitude: 34 + ((7 * i) % 12),
      longitude: -92 + ((5 * i) % 19),
    }));
    const many = new Covariances(parameters, places);
    const known = places.flatMap((_, place) =>
      [0, 1, 2].flatMap((day) => [0, 1, 2].map((element) => ({ place, day, element }))),
    );
    const matrix = new Float64Array(rowStart(known.length));
    known.forEach((one, i) => {
      known.slice(0, i + 1).forEach((other, j) => {
        matrix[rowStart(i) + j] = many.between(other.place, one.place, one.day - other.day)[
          3 * other.element + one.element
        ]!;
      });
    });
    const factor = factorize(matrix.slice(), known.length);
    // Where a pivot had to be raised, the square of the factor would not be the matrix.
    known.forEach((_, i) => expect(variance(factor, i)).toBeCloseTo(matrix[rowStart(i) + i]!, 6));
  });
});

describe("the distribution of the coming days", () => {
  it("without observations is the climate", () => {
    const { mean, factor } = posterior(covariances, 0, [], 3);
    expect([...mean]).toEqual(Array<number>(9).fill(0));
    for (let row = 0; row < 9; row++) expect(variance(factor, row)).toBeCloseTo(1, 2);
  });

  it("from one observation is its regression", () => {
    const { mean, factor } = posterior(covariances, 0, [high], 2);
    const correlation = covariances.between(0, 0, 1)[0]!;
    expect(mean[0]).toBeCloseTo(correlation, 2);
    expect(variance(factor, 0)).toBeCloseTo(1 - correlation ** 2, 2);
  });

  it("from an observation with an error moves less", () => {
    const exact = posterior(covariances, 0, [high], 1).mean[0]!;
    const unsure = posterior(covariances, 0, [{ ...high, error: 1 }], 1).mean[0]!;
    expect(unsure / exact).toBeCloseTo(1 / 2, 2);
  });

  it("becomes narrower with each observation, more for near days than for far ones", () => {
    const all = [high, { ...high, element: 1 }, { ...high, place: 1 }, { ...high, day: -2 }];
    const variances = all.map((_, i) =>
      variance(posterior(covariances, 0, all.slice(0, i + 1), 1).factor, 0),
    );
    expect(variances).toEqual(variances.toSorted((a, b) => b - a));
    const { factor } = posterior(covariances, 0, all, 10);
    expect(variance(factor, 0)).toBeLessThan(variance(factor, 3));
    expect(variance(factor, 27)).toBeGreaterThan(0.95);
  });
});
