import { describe, expect, it } from "vitest";
import { exampleClimate } from "../example.ts";
import { forecaster, type Question } from "../forecaster.ts";
import { Deviates } from "../random.ts";
import { ErrorChain } from "./error-chain.ts";
import { climateLead, errorAt, nwsErrors } from "./errors.ts";
import type { PointDay } from "./point-forecast.ts";

const { forecast, risk } = forecaster(exampleClimate);
const start = "2026-11-23";
const dates = Array.from({ length: 10 }, (_, day) =>
  new Date(Date.parse(start) + day * 86_400_000).toISOString().slice(0, 10),
);
/** A forecast for so many days, each far warmer than the climate, which has 8 °C then. */
const pointFor = (days: number, change: (lead: number) => Partial<PointDay> = () => ({})): PointDay[] =>
  dates.slice(0, days).map((date, day) => ({
    date,
    low: { value: 12, lead: 12 + 24 * day },
    high: { value: 21, lead: 24 + 24 * day },
    precipitation: { chance: 0.3, amount: 1.5 },
    summary: `Sunny on day ${day}`,
    ...change(day),
  }));
const question: Question = { station: "KEXA", start, days: 10, members: 2000, seed: 7, point: pointFor(7) };
const { high, low } = nwsErrors;
const near = (value: number, expected: number, by: number) =>
  expect(Math.abs(value - expected), `${value} instead of ${expected}`).toBeLessThan(by);
/** Standard deviation of a normal distribution with this range. */
const sdOf = ({ p10, p90 }: { p10: number; p90: number }) => (p90 - p10) / 2 / 1.2816;

describe("a dressed forecast", () => {
  it("lies around the point forecast with the mean and spread of its errors", () => {
    const [first] = forecast(question);
    near(first!.high.p50, 21 + high[1]!.mean_C, 0.1);
    near(first!.low.p50, 12 + low[0]!.mean_C, 0.1);
    near(sdOf(first!.high), high[1]!.sd_C, 0.1);
    near(sdOf(first!.low), low[0]!.sd_C, 0.1);
  });

  it("widens from day to day towards the climate, and not beyond it", () => {
    const { point: _, ...unknown } = question;
    const climate = forecast(unknown).map((day) => day.high.p90 - day.high.p10);
    const widths = forecast(question).map((day) => day.high.p90 - day.high.p10);
    for (let day = 1; day < 7; day++) expect(widths[day]).toBeGreaterThan(widths[day - 1]!);
    for (let day = 7; day < 10; day++) {
      expect(widths[day]).toBeGreaterThan(0.75 * climate[day]!);
      expect(widths[day]).toBeLessThan(1.2 * climate[day]!);
    }
  });

  it("continues from its last day, without a step, and returns to the climate", () => {
    const { point: _, ...unknown } = question;
    const climate = forecast(unknown);
    const above = forecast(question).map((day, lead) => day.high.p50 - climate[lead]!.high.p50);
    expect(above[6]).toBeGreaterThan(10);
    expect(above[7]).toBeGreaterThan(4);
    expect(above[7]).toBeLessThan(above[6]!);
    expect(above[9]).toBeLessThan(above[7]!);
  });

  it("says the origin of each figure", () => {
    const days = forecast({
      ...question,
      point: pointFor(7, (day) => (day === 1 ? { precipitation: {} } : {})),
    });
    expect(days.map(({ high }) => high.basis)).toEqual([
      ...["nws", "nws"],
      ...Array<string>(5).fill("extrapolated"),
      ...Array<string>(3).fill("climate"),
    ]);
    expect(days.slice(0, 2).map(({ precipitation }) => precipitation.basis)).toEqual(["nws", "climate"]);
    const { point: _, ...unknown } = question;
    expect(forecast(unknown)[0]!.high).not.toHaveProperty("basis");
  });

  it("keeps the source's words, and has its own words without a source", () => {
    const days = forecast(question);
    expect(days[6]!.summary).toBe("Sunny on day 6");
    expect(days[7]!.summary).toMatch(/rain|dry/i);
  });

  it("has the chance and the mean amount that were forecast", () => {
    const [first] = forecast(question);
    expect(first!.precipitation.chance).toBe(0.3);
    near(first!.precipitation.mean, 1.5, 0.25);
    const dry = forecast({
      ...question,
      point: pointFor(2, () => ({ precipitation: { chance: 0, amount: 0 } })),
    });
    expect(dry[0]!.precipitation).toMatchObject({ chance: 0, mean: 0, p90: 0 });
    const certain = forecast({ ...question, point: pointFor(2, () => ({ precipitation: { chance: 1 } })) });
    expect(certain[0]!.precipitation.chance).toBe(1);
    expect(certain[0]!.precipitation.mean).toBeGreaterThan(2);
  });

  it("draws missing values near the forecast ones", () => {
    const warm = forecast({ ...question, point: pointFor(3, () => ({ low: undefined })) });
    const { point: _, ...unknown } = question;
    expect(warm[0]!.low.basis).toBe("climate");
    expect(warm[0]!.low.p50).toBeGreaterThan(forecast(unknown)[0]!.low.p50 + 4);
  });

  it("has risks that agree with it", () => {
    const [first] = forecast(question);
    const watched = { ...question, threshold: { of: "high", above: first!.high.p90 } } as const;
    const { days, chance } = risk(watched);
    near(days[0]!.chance, 0.1, 0.02);
    expect(days.map(({ basis }) => basis)).toEqual(forecast(question).map(({ high }) => high.basis));
    expect(chance).toBeGreaterThan(Math.max(...days.map((day) => day.chance)));
    expect(risk({ ...question, days: 2, threshold: { of: "low", below: 0 } }).chance).toBe(0);
  });

  it("counts the days of the point forecast before its start", () => {
    const later = forecast({ ...question, start: dates[3]!, days: 2 });
    expect(later.map(({ high }) => high.basis)).toEqual(["extrapolated", "extrapolated"]);
    near(later[0]!.high.p50, 21, 0.5);
  });

  it("is the climate before the first day that the point forecast has", () => {
    const days = forecast({ ...question, days: 3, point: pointFor(7).slice(2) });
    expect(days.map(({ high }) => high.basis)).toEqual(["climate", "climate", "extrapolated"]);
  });

  it("is the same on any machine at any time", () => {
    const first = forecast(question);
    forecast({ ...question, seed: 8, station: "KEXB" });
    expect(forecast(question)).toEqual(first);
  });

  it("never has a low above its high", () => {
    const point = pointFor(7, (day) => ({ high: { value: 12.5, lead: 24 + 24 * day } }));
    for (const { low, high } of forecast({ ...question, point })) {
      for (const p of ["p10", "p50", "p90"] as const) expect(low[p]).toBeLessThanOrEqual(high[p]);
    }
  });
});

describe("the error at a lead time", () => {
  it("is the measured one, and between two of them lies between them", () => {
    expect(errorAt(high, 24)).toEqual({ mean: high[1]!.mean_C, sd: high[1]!.sd_C, climateWeight: 0 });
    expect(errorAt(high, 30).sd).toBeCloseTo((high[1]!.sd_C + high[2]!.sd_C) / 2);
    expect(errorAt(high, 3)).toEqual(errorAt(high, 12));
  });

  it("beyond 48 h has a variance that is interpolated linearly to the climate's at 240 h", () => {
    const variance = (lead: number, ofClimate: number) => {
      const { sd, climateWeight } = errorAt(high, lead);
      return sd ** 2 + climateWeight ** 2 * ofClimate;
    };
    const measured = high[3]!.sd_C ** 2;
    for (const share of [0, 0.25, 0.5, 1]) {
      expect(variance(48 + share * (climateLead - 48), 25)).toBeCloseTo(measured + share * (25 - measured));
    }
    expect(errorAt(high, 500)).toEqual({ mean: 0, sd: 0, climateWeight: 1 });
  });
});

it("errors of one forecast correlate from day to day as they were measured", () => {
  const pairs = 40_000;
  const chain = new ErrorChain(pairs, nwsErrors.correlations);
  const deviates = new Deviates(1);
  chain.start(pairs, deviates);
  // A few days, so that the start is forgotten.
  for (let day = 0; day < 3; day++) chain.next(pairs, deviates);
  const [high, low] = [chain.high.slice(), chain.low.slice()];
  chain.next(pairs, deviates);
  const correlation = (one: Float64Array, other: Float64Array) =>
    one.reduce((sum, value, i) => sum + value * other[i]!, 0) / pairs;
  const { highWithNextHigh, lowWithNextLow, lowWithHigh, highWithNextLow } = nwsErrors.correlations;
  expect(correlation(chain.high, chain.high)).toBeCloseTo(1, 1);
  expect(correlation(chain.low, chain.low)).toBeCloseTo(1, 1);
  expect(Math.abs(correlation(high, chain.high) - highWithNextHigh)).toBeLessThan(0.02);
  expect(Math.abs(correlation(low, chain.low) - lowWithNextLow)).toBeLessThan(0.02);
  expect(Math.abs(correlation(chain.low, chain.high) - lowWithHigh)).toBeLessThan(0.02);
  expect(Math.abs(correlation(high, chain.low) - highWithNextLow)).toBeLessThan(0.02);
});
