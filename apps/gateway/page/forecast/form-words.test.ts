import { describe, expect, it } from "vitest";
import { addressOf, usualRisk, wordsFrom } from "./form-words.ts";

const form = { state: "ohio", was: "ohio", in: "metric", days: "10", units: "metric", station: "KCMH" };

describe("a form that was sent", () => {
  it("becomes the address of a forecast", () => {
    const { state, words } = wordsFrom({
      ...form,
      of: "low",
      limit: "-3",
      high: "",
      low: "",
      precipitation: "",
    });
    expect(addressOf(state, words)).toBe("/ohio?station=KCMH&days=10&risk=low%3C-3C");
  });

  it("leads to this host, even if its state does not exist", () => {
    expect(addressOf("/evil.example", {})).toBe("/%2Fevil.example");
  });

  it("says the units of its figures, whatever units the reader chooses", () => {
    const figures = { high: "52", low: "37", precipitation: "0.02", of: "precipitation", limit: "0.5" };
    expect(wordsFrom({ ...form, ...figures, in: "us" }).words).toMatchObject({
      observed: "52F,37F,0.02in",
      risk: "precipitation>0.5in",
    });
  });

  it("leaves out a station of the state that it was made for", () => {
    expect(wordsFrom({ ...form, state: "virginia" })).toEqual({ state: "virginia", words: { days: "10" } });
  });

  it("takes coordinates instead of a station", () => {
    expect(wordsFrom({ ...form, latitude: "40", longitude: " -83 " }).words).toEqual({
      days: "10",
      latitude: "40",
      longitude: "-83",
    });
  });

  it("has a separate limit for each quantity", () => {
    expect(wordsFrom({ ...form, of: "high" }).words["risk"]).toBe("high>30C");
    expect(wordsFrom({ ...form, of: "precipitation" }).words["risk"]).toBe("precipitation>10mm");
    const sent = { ...form, for: "low", limit: "32", in: "us" };
    expect(wordsFrom({ ...sent, of: "low" }).words["risk"]).toBe("low<32F");
    expect(wordsFrom({ ...sent, of: "precipitation" }).words["risk"]).toBe("precipitation>10mm");
  });

  it("keeps the limit of a page that has no slider", () => {
    expect(wordsFrom({ ...form, risk: "low<-5C" }).words["risk"]).toBe("low<-5C");
  });
});

it("the default risk is frost in winter and heat in summer", () => {
  expect(usualRisk("2026-11-26")).toBe("low<0C");
  expect(usualRisk("2026-07-01")).toBe("high>30C");
});
