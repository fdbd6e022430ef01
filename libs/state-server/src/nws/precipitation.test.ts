import { describe, expect, it } from "vitest";
import { chanceOn } from "./precipitation.ts";

const hour = 3_600_000;
const day = { from: 0, to: 24 * hour };
const pieces = (...list: [from: number, to: number, value: number][]) =>
  list.map(([from, to, value]) => ({ from: from * hour, to: to * hour, value }));

describe("the chance of precipitation on a day", () => {
  it("is halfway between the greatest of its periods and what independent periods have", () => {
    const chance = chanceOn(pieces([0, 12, 0.3], [12, 24, 0.5]), day);
    expect(chance).toBeCloseTo((0.5 + (1 - 0.7 * 0.5)) / 2);
  });

  it("is at least the chance of each of its periods, and at most 1", () => {
    expect(chanceOn(pieces([0, 12, 0.9], [12, 24, 0]), day)).toBeCloseTo(0.9);
    expect(chanceOn(pieces([0, 12, 1], [12, 24, 1]), day)).toBe(1);
    expect(chanceOn(pieces([0, 24, 0]), day)).toBe(0);
  });

  it("is the same for any number of pieces of equal chance", () => {
    const whole = chanceOn(pieces([0, 24, 0.3]), day)!;
    const halves = chanceOn(pieces([0, 12, 0.3], [12, 24, 0.3]), day)!;
    const hours = Array.from({ length: 24 }, (_, at) => [at, at + 1, 0.3] as [number, number, number]);
    expect(whole).toBeCloseTo(halves);
    expect(chanceOn(pieces(...hours), day)).toBeCloseTo(halves);
  });

  it("is small for a period that ends shortly after midnight", () => {
    const over = chanceOn(pieces([-11, 1, 0.8], [1, 24, 0]), day)!;
    expect(over).toBeCloseTo(1 - 0.2 ** (2 / 12));
    expect(chanceOn(pieces([-1, 11, 0.8], [11, 24, 0]), day)).toBeCloseTo(0.8);
  });

  it("is that of the rest of the day, on the first day", () => {
    expect(chanceOn(pieces([18, 24, 0.4], [24, 36, 0.9]), day)).toBeCloseTo(0.4);
  });

  it("is not known for a day of which NWS forecasts less than half", () => {
    expect(chanceOn(pieces([-12, 11, 0.4]), day)).toBeUndefined();
    expect(chanceOn(pieces([-12, 12, 0.4]), day)).toBeDefined();
    expect(chanceOn([], day)).toBeUndefined();
  });
});
