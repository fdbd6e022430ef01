import { covarianceOf, displacement, type CorrelationParameters } from "@weather/forecast-model/parts";
import { expect, it } from "vitest";
import { correlationsText, readCorrelations, shippedCorrelations } from "./correlations-file.ts";
import { fitCorrelations } from "./fit-correlations.ts";
import { leastSquares } from "./least-squares.ts";
import type { Sample } from "./sample-correlations.ts";

const shipped = readCorrelations(shippedCorrelations);

it("least squares find the parameters of an exponential", () => {
  const x = Array.from({ length: 40 }, (_, i) => i / 10);
  const curve = ([a = 0, b = 0]: Float64Array) => Float64Array.from(x, (at) => a * Math.exp(-b * at));
  const wanted = curve(Float64Array.of(3, 0.7));
  const found = leastSquares(
    (parameters) => curve(parameters).map((value, i) => value - wanted[i]!),
    Float64Array.of(1, 2),
    Float64Array.of(1, 1),
  );
  expect(found[0]).toBeCloseTo(3, 2);
  expect(found[1]).toBeCloseTo(0.7, 2);
});

it("a fit to correlations that the model made finds the model's correlations again, in unit variance", () => {
  const places = [
    { latitude: 40, longitude: -82 },
    { latitude: 39, longitude: -86 },
    { latitude: 42, longitude: -89 },
    { latitude: 38, longitude: -78 },
    { latitude: 35, longitude: -80 },
  ];
  const of = covarianceOf(shipped);
  const samples = places.flatMap((from, i) =>
    places.flatMap((to, j) =>
      [0, 1, 2, 3, 5, 10].map((days): Sample => {
        const [east, north] = displacement(from, to);
        return { east, north, days, same: i === j, correlations: of(east, north, days, i === j) };
      }),
    ),
  );
  const fitted: CorrelationParameters = { note: "", sources: [], ...fitCorrelations(samples) };
  const again = covarianceOf(fitted);
  for (const { east, north, days, same, correlations } of samples) {
    again(east, north, days, same).forEach((value, k) =>
      expect(Math.abs(value - correlations[k]!)).toBeLessThan(0.06),
    );
  }
  const now = again(0, 0, 0, true);
  for (const element of [0, 1, 2]) expect(now[4 * element]).toBeCloseTo(1, 6);
  expect(JSON.parse(correlationsText(fitted))).toHaveProperty("fields");
});
