import { describe, expect, it } from "vitest";
import { exampleClimate, exampleStation } from "./example.ts";
import { forecaster } from "./forecaster.ts";

const withStation = (change: object) => ({ ...exampleClimate, stations: [{ ...exampleStation, ...change }] });

describe("a climate that is not usable names its field", () => {
  it.each([
    [withStation({ latitude: 400 }), "stations.0.latitude: Too big: expected number to be <=90, got 400"],
    [withStation({ name: undefined }), "stations.0.name: Invalid input: expected string, received undefined"],
    [withStation({ lat: 40 }), 'stations.0: Unrecognized key: "lat"'],
    [
      withStation({
        precipitation: { ...exampleStation.precipitation, wetAfterWet: { mean: 1.2, cycles: [] } },
      }),
      "stations.0.precipitation.wetAfterWet: expected values from 0.001 to 0.999 on every day, got 1.200 on day 1",
    ],
    [
      withStation({
        high: { ...exampleStation.high, sdDry_C: { mean: 1, cycles: [{ amplitude: 2, peakDay: 1 }] } },
      }),
      "stations.0.high.sdDry_C: expected values from 0.1 to 20 on every day, got",
    ],
    [{ ...exampleClimate, stations: [] }, "stations: Too small"],
    [{ ...exampleClimate, stations: [exampleStation, exampleStation] }, "stations: a station occurs twice"],
    [null, "climate: Invalid input: expected object, received null"],
  ])("%#", (climate, message) => {
    expect(() => forecaster(climate)).toThrow(message);
  });

  it("also when a number is no number", () => {
    const broken = structuredClone(exampleClimate) as unknown as {
      stations: { high: { mean_C: { mean: unknown } } }[];
    };
    broken.stations.forEach((station) => (station.high.mean_C.mean = "17"));
    expect(() => forecaster(broken)).toThrow(
      'stations.0.high.mean_C.mean: Invalid input: expected number, received string, got "17"',
    );
  });
});
