import { type Climate, type StationClimate, type Temperature } from "./climate.ts";

const curve = (mean: number, amplitude = 0, peakDay = 200) => ({
  mean,
  cycles: amplitude === 0 ? [] : [{ amplitude, peakDay }],
});

/** Departures of a normal distribution, wider in winter than in summer: quantiles of 1, 5, 20, 50, 80, 95 and 99 %. */
const normalDepartures = (deviation: number, more: number) =>
  [-2.326, -1.645, -0.842, 0, 0.842, 1.645, 2.326].map((z) =>
    // A curve cannot have a negative amplitude. A peak half a year later is the same.
    curve(z * deviation, Math.abs(z) * more, z < 0 ? 215 : 32),
  );

const temperature = (mean_C: Temperature["mean_C"], deviation: number, more: number): Temperature => ({
  mean_C,
  warming_C: curve(0.03),
  departures_C: normalDepartures(deviation, more),
});

/** A made-up station with round figures like Ohio's. For tests, here and in other rooms. */
export const exampleStation: StationClimate = {
  id: "KEXA",
  name: "Example Field",
  latitude: 40,
  longitude: -83,
  elevation_m: 250,
  sources: { temperature: "made up", precipitation: "made up", wetDays: "made up", daily: ["made up"] },
  meansOf: 2026,
  high: temperature(curve(17, 13.5, 201), 5, 1.8),
  low: temperature(curve(6.4, 12, 203), 4.6, 1.6),
  precipitation: {
    wetShare: curve(0.37, 0.05, 56),
    wetDayMean_mm: curve(7.5, 2.5, 200),
    shape: 0.7,
  },
};

/** A climate with two such stations, the second a little warmer, and a neighbour to the west. */
export const exampleClimate: Climate = {
  state: "example",
  stations: [
    exampleStation,
    {
      ...exampleStation,
      id: "KEXB",
      name: "Example South",
      latitude: 39,
      high: { ...exampleStation.high, mean_C: curve(19, 13, 201) },
    },
  ],
  neighbours: [
    {
      id: "IN_Example_5_W",
      name: "Example West",
      latitude: 39,
      longitude: -88,
      meansOf: exampleStation.meansOf,
      high: exampleStation.high,
      low: exampleStation.low,
      precipitation: exampleStation.precipitation,
    },
  ],
};
