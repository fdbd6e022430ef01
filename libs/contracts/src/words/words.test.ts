import { describe, expect, it } from "vitest";
import { figure, requestFrom, stateFrom, statesFrom, unitsOf } from "../index.ts";
import { observedFrom } from "./observed.ts";
import { thresholdFrom } from "./threshold.ts";

describe("an observation", () => {
  it.each([
    ["11.2,3.0,0.5", "metric", { high: 11.2, low: 3, precipitation: 0.5 }],
    ["52,37,0.02", "us", { high: 11.111111, low: 2.777778, precipitation: 0.508 }],
    ["52F,37F,0.02in", "metric", { high: 11.111111, low: 2.777778, precipitation: 0.508 }],
    ["11C, 3 °C, 5mm", "us", { high: 11, low: 3, precipitation: 5 }],
    ["50F,3C,5mm", "us", { high: 10, low: 3, precipitation: 5 }],
    ["-40f,−40c,.5IN", "metric", { high: -40, low: -40, precipitation: 12.7 }],
    ['14°F,0 °f,1"', "metric", { high: -10, low: -17.777778, precipitation: 25.4 }],
  ] as const)("%s in %s units is read", (text, system, values) => {
    expect(observedFrom(text, system)).toEqual(values);
  });

  it.each([
    ["11,3", "metric", "expected high, low and precipitation in °C and mm, such as 11.2,3.0,0.5"],
    ["11,3,0,1", "us", "expected high, low and precipitation in °F and in, such as 52,37,0.02"],
    ["warm,3,0", "metric", 'high: expected a number in °C, got "warm"'],
    ["11,,0", "us", 'low: expected a number in °F, got ""'],
    ["11,3mm,0", "metric", "low: expected °C or °F, got mm"],
    ["11,3,0C", "metric", "precipitation: expected mm or in, got C"],
    ["11K,3,0", "metric", "high: expected °C or °F, got K"],
    ["1e1,3,0", "metric", 'high: expected a number in °C, got "1e1"'],
    ["Infinity,3,0", "metric", 'high: expected a number in °C, got "Infinity"'],
    ["11constructor,3,0", "metric", "high: expected °C or °F, got constructor"],
  ] as const)("%s in %s units is refused, and told why", (text, system, message) => {
    expect(() => observedFrom(text, system)).toThrow(expect.objectContaining({ name: "InputError" }));
    expect(() => observedFrom(text, system)).toThrow(message);
  });
});

describe("a risk", () => {
  it.each([
    ["low<0", "metric", { of: "low", below: 0 }],
    ["low<32", "us", { of: "low", below: 0 }],
    ["low < 32F", "metric", { of: "low", below: 0 }],
    ["high>-5C", "us", { of: "high", above: -5 }],
    ["Precipitation>0.5in", "metric", { of: "precipitation", above: 12.7 }],
    ["precipitation>1", "us", { of: "precipitation", above: 25.4 }],
  ] as const)("%s in %s units is read", (text, system, threshold) => {
    expect(thresholdFrom(text, system)).toEqual(threshold);
  });

  it.each([
    ["low", 'such as "low<0", got "low"'],
    ["wind>5", 'such as "low<0", got "wind>5"'],
    ["low=5", 'such as "low<0", got "low=5"'],
    ["low<5mm", "low: expected °C or °F, got mm"],
    ["low<<5", 'low: expected a number in °C, got "<5"'],
    [`low<5${"x".repeat(9_000)}`, /got x{40}$/],
  ])("%s is refused, and told why", (text, message) => {
    expect(() => thresholdFrom(text, "metric")).toThrow(message);
  });
});

describe("a place", () => {
  const read = (latitude: string, longitude: string, station?: string) =>
    requestFrom(
      { latitude: figure(latitude), longitude: figure(longitude), station, days: 3 },
      "ohio",
      "metric",
    );

  it("is read in degrees north and east", () => {
    expect(read("39.96", "-83")).toEqual({ latitude: 39.96, longitude: -83, days: 3 });
    // As maps and encyclopaedias write it, and as a URL turns a plus sign into a space.
    expect(read("+39.96", "\u221283")).toEqual({ latitude: 39.96, longitude: -83, days: 3 });
    expect(read(" 39.96", "-83.0 ")).toEqual({ latitude: 39.96, longitude: -83, days: 3 });
  });

  it.each([
    ["39.96N", "-83", undefined, 'latitude: expected a number from -90 to 90, got "39.96N"'],
    ["39.96", "200", undefined, "longitude: expected a number from -180 to 180, got 200"],
    ["39.96", "-83", "kcmh", "station: expected either a station, or a latitude and a longitude"],
  ])("is refused as %s, %s at the station %s", (latitude, longitude, station, message) => {
    expect(() => read(latitude, longitude, station)).toThrow(message);
  });
});

describe("units", () => {
  it("survive a conversion in both directions", () => {
    for (const { temperature, precipitation } of Object.values(unitsOf)) {
      for (const unit of [temperature, precipitation]) {
        for (const value of [0, 0.01, 0.5, 32, 37, 98.6]) {
          expect(unit.fromMetric(unit.toMetric(value))).toBeCloseTo(value, 5);
        }
      }
    }
  });
});

describe("a state", () => {
  it.each(["ohio", "Ohio", "OHIO", "OH", "oh", " ohio "])("is found by %j", (word) => {
    expect(stateFrom(word)).toBe("ohio");
  });

  it.each([
    ["guam", "Guam has no farm yet: `npx nx g @weather/state:server guam` makes one."],
    ["GU", "Guam has no farm yet: `npx nx g @weather/state:server guam` makes one."],
    ["Puerto Rico", "Puerto Rico has no farm yet: `npx nx g @weather/state:server puerto-rico` makes one."],
    ["puerto_rico", "Puerto Rico has no farm yet"],
    ["ohoi", 'no state is called "ohoi". Did you mean ohio? The states with a farm are ohio, virginia'],
    ["verginia", "Did you mean virginia?"],
    ["texsa", "Did you mean texas?"],
    ["constructor", 'no state is called "constructor". The states with a farm are'],
    ["x", 'no state is called "x". The states with a farm are'],
    ["ohio".repeat(100), /is called "(ohio){10}"[.] The states/],
    ["", 'no state is called "". The states with a farm are'],
  ])("%j is answered with how a farm is made, or with what is near", (word, message) => {
    expect(() => stateFrom(word)).toThrow(message);
  });

  it("may have several words, in quotes or not", () => {
    expect(statesFrom(["ohio", "VA", "Ohio"])).toEqual(["ohio", "virginia", "ohio"]);
    expect(() => statesFrom(["ohio", "puerto", "rico"])).toThrow("Puerto Rico has no farm yet");
    expect(() => statesFrom(["us", "virgin", "islands"])).toThrow("US Virgin Islands has no farm yet");
    expect(() => statesFrom(["puerto", "ohio"])).toThrow('no state is called "puerto"');
  });
});
