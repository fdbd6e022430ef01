import { describe, expect, it } from "vitest";
import { distance } from "./distance.ts";

const equator = { latitude: 0, longitude: 0 };

describe("the distance of two places", () => {
  it("is a quarter of the Earth's circumference from the equator to a pole, and half of it to the opposite side", () => {
    expect(distance(equator, { latitude: 90, longitude: 77 })).toBeCloseTo(10_007.5, 1);
    expect(distance(equator, { latitude: 0, longitude: 180 })).toBeCloseTo(20_015.1, 1);
    expect(distance({ latitude: 33.3, longitude: -100 }, { latitude: -33.3, longitude: 80 })).toBeCloseTo(
      20_015.1,
      1,
    );
  });

  it("goes the short way over the date line", () => {
    expect(distance({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })).toBeCloseTo(
      111.2,
      1,
    );
  });

  it("is 0 to the place itself, and 104 km from Columbus to Dayton", () => {
    expect(distance(equator, equator)).toBe(0);
    const columbus = { latitude: 39.9612, longitude: -82.9988 };
    expect(distance(columbus, { latitude: 39.7589, longitude: -84.1916 })).toBeCloseTo(104.2, 0);
  });
});
