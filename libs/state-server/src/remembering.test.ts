import type { Day, Forecaster, Question } from "@weather/forecast-model";
import { describe, expect, it } from "vitest";
import { remembering } from "./remembering.ts";

const question: Question = { station: "KCMH", start: "2026-11-23", days: 5, members: 200, seed: 7 };
const threshold = { of: "low", below: 0 } as const;
const observed = { date: "2026-11-22", high: 11, low: 3, precipitation: 0 };

function counting() {
  const asked: Question[] = [];
  const forecaster: Forecaster = {
    state: "ohio",
    stations: [],
    borrowedFrom: () => undefined,
    forecast: (question) => (asked.push(question), [] as Day[]),
    risk: (question) => (asked.push(question), { days: [], chance: 0 }),
  };
  return { asked, forecaster };
}

describe("a remembering forecaster", () => {
  it("makes an answer once for all who ask the same", () => {
    const { asked, forecaster } = counting();
    const { forecast, risk } = remembering(forecaster, 10);
    expect(forecast({ ...question })).toBe(forecast({ ...question }));
    expect(risk({ ...question, threshold })).toBe(risk({ ...question, threshold: { ...threshold } }));
    expect(asked).toHaveLength(2);
  });

  it.each([
    { station: "KCLE" },
    { start: "2026-11-24" },
    { days: 6 },
    { members: 201 },
    { seed: 8 },
    { observed },
    { observed: { ...observed, high: 12 } },
  ])("makes another one for %j", (other) => {
    const { asked, forecaster } = counting();
    const { forecast } = remembering(forecaster, 10);
    forecast(question);
    forecast({ ...question, ...other });
    expect(asked).toHaveLength(2);
  });

  it("makes another one for another threshold", () => {
    const { asked, forecaster } = counting();
    const { risk } = remembering(forecaster, 10);
    risk({ ...question, threshold });
    risk({ ...question, threshold: { of: "low", below: 1 } });
    risk({ ...question, threshold: { of: "low", above: 0 } });
    expect(asked).toHaveLength(3);
  });

  it("forgets what was not asked for the longest time", () => {
    const { asked, forecaster } = counting();
    const { forecast } = remembering(forecaster, 2);
    for (const seed of [1, 2, 1, 3, 1, 2]) forecast({ ...question, seed });
    expect(asked.map(({ seed }) => seed)).toEqual([1, 2, 3, 2]);
  });

  it("remembers nothing where it has no room", () => {
    const { forecaster } = counting();
    expect(remembering(forecaster, 0)).toBe(forecaster);
  });
});
