import type { Climate, StationClimate } from "./climate.ts";

const curve = (mean: number, amplitude = 0, peakDay = 200) => ({
  mean,
  cycles: amplitude === 0 ? [] : [{ amplitude, peakDay }],
});

/**
 * A station that is nowhere: round figures of the kind that Ohio has, such that the anomalies keep mean 0 and standard
 * deviation 1. For tests, here and in other rooms.
 */
export const exampleStation: StationClimate = {
  id: "KEXA",
  name: "Example Field",
  latitude: 40,
  longitude: -83,
  elevation_m: 250,
  sources: { temperature: "made up", precipitation: "made up", wetDays: "made up", dayToDay: ["made up"] },
  high: {
    mean_C: curve(17, 13.5, 201),
    wetMinusDry_C: curve(0.25, 1.6, 22),
    sdWet_C: curve(4.7, 2, 31),
    sdDry_C: curve(4.4, 1.75, 33),
  },
  low: {
    mean_C: curve(6.4, 12, 203),
    wetMinusDry_C: curve(2.3),
    sdWet_C: curve(4, 1.9, 28),
    sdDry_C: curve(4.2, 1.3, 36),
  },
  anomalies: {
    dryToDry: step([0.01, 0.02], [0.79, 0.01, -0.2, 0], [0.28, 0.52, 0, -0.1], [0.69, 0.43, 0.59]),
    dryToWet: step([-0.04, -0.06], [0.57, 0.12, -0.12, 0], [0.3, 0.39, -0.1, 0.02], [0.76, 0.42, 0.63]),
    wetToDry: step([0.02, 0.06], [0.42, 0.3, 0, -0.11], [0.2, 0.48, 0, -0.1], [0.86, 0.5, 0.65]),
    wetToWet: step([-0.01, -0.02], [0.37, 0.2, 0, 0.02], [0.28, 0.4, 0, -0.08], [0.87, 0.57, 0.64]),
    beforeDry: step([-0.01, -0.07], [0.49, 0.22], [0.08, 0.57], [0.75, 0.47, 0.62]),
    beforeWet: step([0.02, 0.11], [0.36, 0.27], [0.15, 0.45], [0.81, 0.5, 0.64]),
    highWithLowDry: 0.72,
    highWithLowWet: 0.73,
  },
  precipitation: {
    wetAfterWet: curve(0.48, 0.03, 60),
    wetAfterDry: curve(0.31, 0.07, 56),
    perHighAnomaly: -0.05,
    perLowAnomaly: 0.08,
    wetDayMean_mm: curve(7.5, 2.5, 200),
    shape: 0.7,
  },
};

/** A climate with two such stations, the second a little warmer. */
export const exampleClimate: Climate = {
  state: "example",
  stations: [
    exampleStation,
    {
      ...exampleStation,
      id: "KEXB",
      name: "Example South",
      high: { ...exampleStation.high, mean_C: curve(19, 13, 201) },
    },
  ],
};

function step<Row>(
  [offsetHigh, offsetLow]: [number, number],
  high: Row,
  low: Row,
  [b11, b21, b22]: [number, number, number],
) {
  const B: [[number, 0], [number, number]] = [
    [b11, 0],
    [b21, b22],
  ];
  return { offsetHigh: curve(offsetHigh), offsetLow: curve(offsetLow), A: [high, low] as [Row, Row], B };
}
