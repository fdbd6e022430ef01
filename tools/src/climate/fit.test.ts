import { exampleStation } from "@weather/forecast-model/example";
import { Deviates, Gamma, probabilities, throughTheYear, type Curve } from "@weather/forecast-model/parts";
import { describe, expect, it } from "vitest";
import { readCorrelations, shippedCorrelations } from "./correlations-file.ts";
import { curveThroughMonths } from "./fit-curve.ts";
import { fitMarginals } from "./fit-marginals.ts";
import { gammaShape } from "./fit-precipitation.ts";
import { hindcast } from "./hindcast.ts";
import { skill } from "./scores.ts";
import { between, seriesOf } from "./series.ts";
import { simulate, standardized, statisticsOf } from "./simulation.ts";
import { withNormals } from "./with-normals.ts";

const correlations = readCorrelations(shippedCorrelations);

/** Sixty years of the example station's weather. */
const [series] = simulate(exampleStation, correlations, blank("1960-01-01", 60 * 365), 1, 3);
if (!series) throw new Error("nothing simulated");
// Rounds amounts, as a gauge does.
series.precipitation.forEach((amount, i) => (series.precipitation[i] = Math.round(amount * 10) / 10));
const fitted = fitMarginals([series]);

function blank(from: string, days: number) {
  const start = Date.parse(from) / 86_400_000;
  const zeros = () => new Float64Array(days);
  return { name: "blank", start, high: zeros(), low: zeros(), precipitation: zeros() };
}

/** Largest difference of two curves on any day of the year. */
function apart(a: Curve, b: Curve, shift = 0): number {
  const [left, right] = [throughTheYear(a), throughTheYear(b)];
  return Math.max(...left.map((value, day) => Math.abs(value - shift - (right[day] ?? NaN))));
}

describe("the fit to weather made from known parameters finds them again", () => {
  it("means, in the middle year of the series", () => {
    expect(fitted.meansOf).toBeCloseTo(1990, 0);
    // 36 years before the example's year, and 0.03 °C cooler for each.
    for (const element of ["high", "low"] as const)
      expect(apart(fitted[element].mean_C, exampleStation[element].mean_C, -36 * 0.03)).toBeLessThan(1.2);
  });

  it.each(probabilities.map((p, i) => [p, i]))("quantiles of %d", (_, i) => {
    for (const element of ["high", "low"] as const) {
      const [got, known] = [fitted[element].departures_C[i]!, exampleStation[element].departures_C[i]!];
      expect(apart(got, known)).toBeLessThan(i === 0 || i === probabilities.length - 1 ? 2.5 : 1.5);
    }
  });

  it("wet and dry days, and amounts", () => {
    const [got, known] = [fitted.precipitation, exampleStation.precipitation];
    expect(apart(got.wetShare, known.wetShare)).toBeLessThan(0.06);
    expect(apart(got.wetDayMean_mm, known.wetDayMean_mm)).toBeLessThan(1);
    expect(Math.abs(got.shape - known.shape)).toBeLessThan(0.05);
  });

  it("also from two halves that are pooled", () => {
    const pooled = fitMarginals([
      between(series, "1960-01-01", "1990-01-01"),
      between(series, "1990-01-01", "2020-01-01"),
    ]);
    expect(Math.abs(pooled.precipitation.shape - fitted.precipitation.shape)).toBeLessThan(0.01);
    expect(apart(pooled.high.departures_C[5]!, fitted.high.departures_C[5]!)).toBeLessThan(0.5);
  });
});

describe("a forecast made with fitted parameters", () => {
  const training = between(series, "1960-01-01", "1990-01-01");
  const later = between(series, "1990-01-01", "1995-01-01");
  const parameters = fitMarginals([training]);
  const target = { place: exampleStation, parameters, series };
  const alone = { neighbours: false, morning: false };
  const scores = hindcast(target, [], training, later, alone, { correlations, leads: 5, members: 100 });

  it("is better than climatology and persistence for a day, and never much worse", () => {
    for (const element of ["high", "low"] as const) {
      const [first, ...others] = scores.map((score) => score[element]);
      expect(skill(first?.model.crps ?? NaN, first?.climatology.crps ?? NaN)).toBeGreaterThan(0.18);
      expect(first?.model.crps).toBeLessThan(first?.persistence.crps ?? NaN);
      for (const { model, climatology } of others)
        expect(skill(model.crps, climatology.crps)).toBeGreaterThan(-0.01);
    }
  });

  it("covers 80 % of the outcomes with its 10-90 % range", () => {
    for (const { high, low } of scores) {
      for (const { model } of [high, low]) expect(Math.abs(model.coverage - 0.8)).toBeLessThan(0.04);
    }
  });

  it("gives reliable chances of precipitation", () => {
    const [first] = scores;
    expect(first?.precipitation.model.brier).toBeLessThan(first?.precipitation.climatology.brier ?? NaN);
    for (const { count, probability, happened } of first?.precipitation.model.bins ?? []) {
      if (count >= 200) expect(Math.abs(probability - happened) / count).toBeLessThan(0.07);
    }
  });

  it("is better still with the morning's low, and with the day before the last", () => {
    const known = { neighbours: true, morning: true };
    const [more] = hindcast(target, [], training, later, known, { correlations, leads: 1, members: 100 });
    expect(more?.high.model.crps).toBeLessThan(0.97 * (scores[0]?.high.model.crps ?? NaN));
    expect(more?.low.model.meanAbsoluteError).toBeLessThan(0.5);
  });

  it("simulates years like those of its training", () => {
    const observed = statisticsOf(later, parameters);
    const simulated = simulate(parameters, correlations, later, 50).map((one) =>
      statisticsOf(one, parameters),
    );
    for (const figure of ["lagHigh", "lagLow", "monthsHigh", "monthsLow"] as const) {
      const { z } = standardized(
        observed[figure],
        simulated.map((one) => one[figure]),
      );
      expect(Math.abs(z)).toBeLessThan(3);
    }
  });
});

describe("normals", () => {
  const high = [3, 5, 11, 18, 23, 28, 30, 29, 25, 18, 11, 5];
  const low = [-6, -4, 0, 5, 11, 16, 19, 18, 13, 7, 2, -3];
  const precipitation = high.map((_, month) => 85 + 25 * Math.cos((2 * Math.PI * (month - 5)) / 12));
  const months = (year: Float64Array) =>
    high.map((_, month) => {
      const [from, to] = [month, month + 1].map((m) =>
        Math.round((Date.UTC(2000, m) - Date.UTC(2000, 0)) / 86_400_000),
      );
      const days = year.subarray(from, to);
      return days.reduce((sum, value) => sum + value, 0) / days.length;
    });

  it("become a curve that has them as its monthly means", () => {
    months(throughTheYear(curveThroughMonths(high, 4))).forEach((mean, month) =>
      expect(Math.abs(mean - (high[month] ?? NaN))).toBeLessThan(0.4),
    );
  });

  it("replace the means of a fit, also those of monthly precipitation", () => {
    const wetDays = precipitation.map((_, month) => 11.5 + 2 * Math.cos((2 * Math.PI * (month - 2)) / 12));
    const parameters = withNormals(fitted, { meansOf: 1980, high, low, precipitation, wetDays });
    const [years] = [
      simulate(parameters, correlations, blank("1960-01-01", 40 * 365), 20).map((one) =>
        statisticsOf(one, parameters),
      ),
    ];
    for (const month of [0, 3, 6, 9]) {
      const mean = (of: "amount" | "wetShare") =>
        years.reduce((sum, one) => sum + (one[of][month] ?? NaN), 0) / years.length;
      expect(mean("amount") / (precipitation[month] ?? NaN)).toBeCloseTo(1, 1);
      expect(Math.abs(mean("wetShare") - (wetDays[month] ?? NaN) / 30.4)).toBeLessThan(0.04);
    }
    // The slow fields of the weather move the mean of 40 years, too; that of 20 such series stays.
    expect(Math.abs(years.reduce((sum, { biasHigh }) => sum + biasHigh, 0) / years.length)).toBeLessThan(0.1);
    expect(years.every(({ biasHigh }) => Math.abs(biasHigh) < 0.45)).toBe(true);
  });
});

it("a gamma distribution's deviates have its mean, variance and shape", () => {
  for (const shape of [0.3, 0.7, 1, 2.5]) {
    const gamma = new Gamma(shape);
    const u = new Float64Array(40_000);
    new Deviates(1).uniform(u, u.length);
    const values = Array.from({ length: 40_000 }, (_, i) => gamma.quantile((i + (u[i] ?? NaN)) / 40_000));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean / shape).toBeCloseTo(1, 2);
    expect(variance / shape).toBeCloseTo(1, 1);
    expect(gammaShape(values) / shape).toBeCloseTo(1, 1);
  }
});

it("a series too short to fit says so", () => {
  const short = seriesOf("short", [{ date: "2020-01-01", high: 1, low: 0, precipitation: 0 }]);
  expect(() => fitMarginals([short])).toThrow("too few observations");
});
