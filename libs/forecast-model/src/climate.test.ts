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
        precipitation: { ...exampleStation.precipitation, wetShare: { mean: 1.2, cycles: [] } },
      }),
      "stations.0.precipitation.wetShare: expected values from 0.001 to 0.999 on every day, got 1.200 on day 1",
    ],
    [
      withStation({
        high: { ...exampleStation.high, departures_C: exampleStation.high.departures_C.toReversed() },
      }),
      "stations.0.high.departures_C: expected quantiles that rise by at least 0.05 °C",
    ],
    [{ ...exampleClimate, stations: [] }, "stations: Too small"],
    [{ ...exampleClimate, stations: [exampleStation, exampleStation] }, "stations: a station occurs twice"],
    [null, "climate: Invalid input: expected object, received null"],
  ])("%#", (climate, message) => {
    expect(() => forecaster(climate)).toThrow(message);
  });

  it("also for a number that is not a number", () => {
    const broken = structuredClone(exampleClimate) as unknown as {
      stations: { high: { mean_C: { mean: unknown } } }[];
    };
    broken.stations.forEach((station) => (station.high.mean_C.mean = "17"));
    expect(() => forecaster(broken)).toThrow(
      'stations.0.high.mean_C.mean: Invalid input: expected number, received string, got "17"',
    );
  });
});
