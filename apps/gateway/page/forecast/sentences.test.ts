import { describe, expect, it } from "vitest";
import type { Day, Forecast, Risk } from "@weather/contracts";
import { asLikelyAsNot, comparison, event, lead } from "./sentences.ts";

const around = (middle: number, half: number) => ({
  p10: middle - half,
  p25: middle - half / 2,
  p50: middle,
  p75: middle + half / 2,
  p90: middle + half,
});
const day = (at: number, warmer: number): Day => ({
  date: `2026-11-${26 + at}`,
  high: around(8 + warmer, 9),
  low: around(0 + warmer, 7),
  precipitation: { chance: 0.4, mean: 2, p90: 9 },
  summary: "Chance of rain",
});
const forecast = (...warmer: number[]) => ({ days: warmer.map((by, at) => day(at, by)) }) as Forecast;
const usual = forecast(0, 0, 0, 0);

describe("a forecast in words", () => {
  it.each([
    [
      [9, 7, 0, 0],
      "Very warm for late November until Friday. From Saturday on, nothing more is known than what is usual for the date.",
    ],
    [
      [-4, 0, 0, 0],
      "Cold for late November on Thursday. From Friday on, nothing more is known than what is usual for the date.",
    ],
    [[2, 2, 2, 2], "Warm for late November on all four days."],
    [[1, -1, 1, -1], "About as warm as usual for late November on all four days."],
    [[0, 0, 0, 0], "Nothing more is known than what is usual for late November."],
  ])("says how %j differs from what is usual", (warmer, sentence) => {
    expect(lead(forecast(...warmer), usual)).toBe(sentence);
  });

  it("describes the first day if the climate is not known", () => {
    expect(lead(forecast(3, 3), undefined)).toBe("Chance of rain.");
  });

  it("compares each day in the reader's degrees", () => {
    expect(comparison(day(0, 5), day(0, 0), "metric")).toBe("5° warmer than usual.");
    expect(comparison(day(0, -5), day(0, 0), "us")).toBe("9° colder than usual.");
    expect(comparison(day(0, 0), day(0, 0), "us")).toBe("Usual for the date.");
    expect(comparison(day(0, 0), undefined, "us")).toBe("");
  });
});

describe("how likely something is", () => {
  const risk = (threshold: Risk["threshold"], ...chances: number[]) =>
    ({ threshold, days: chances.map((chance, at) => ({ date: `2026-11-${26 + at}`, chance })) }) as Risk;

  it("is told for the event that the reader chooses", () => {
    expect(event({ of: "low", below: 0 }, "us")).toBe("Frost");
    expect(event({ of: "low", below: -5 }, "metric")).toBe("A low below −5 °C");
    expect(event({ of: "high", above: 30 }, "us")).toBe("A high above 86 °F");
    expect(event({ of: "precipitation", above: 12.7 }, "us")).toBe("More than 0.5 in of rain or snow");
  });

  it("names the first day with a chance of at least 50 %", () => {
    expect(asLikelyAsNot(risk({ of: "low", below: 0 }, 0.2, 0.5))).toEqual({
      text: "The first night on which it is as likely as not: ",
      date: "Fri 27 Nov",
    });
    expect(asLikelyAsNot(risk({ of: "high", above: 30 }, 0.2)).text).toBe(
      "On no day it is as likely as not.",
    );
  });
});
