import { describe, expect, it } from "vitest";
import { basedOn } from "./based-on.ts";
import { dressed, ensemble } from "./example.ts";

const from = (...observed: [station: string, date: string][]) =>
  basedOn({ ...ensemble(1), startedFrom: observed.map(([station, date]) => ({ station, date })) });

describe("what a forecast is based on", () => {
  it("is told with two of the stations, the number of the others, and the newest day", () => {
    expect(from(["KCMH", "2026-11-22"], ["KCMH", "2026-11-21"])).toBe(
      "From observations of KCMH up to 2026-11-22.",
    );
    expect(from(["KCMH", "2026-11-22"], ["KDAY", "2026-11-22"], ["KCVG", "2026-11-21"])).toBe(
      "From observations of KCMH, KDAY and KCVG up to 2026-11-22.",
    );
    const six = ["KCMH", "KDAY", "KCVG", "KCLE", "KTOL", "KCAK"].map((id): [string, string] => [
      id,
      "2026-11-22",
    ]);
    expect(from(...six)).toBe("From observations of KCMH, KDAY and 4 others up to 2026-11-22.");
  });

  it("says that the station itself is silent", () => {
    expect(from(["KCMH", "2026-11-19"], ["KDAY", "2026-11-22"])).toBe(
      "From observations of KCMH and KDAY up to 2026-11-22; of KCMH itself up to 2026-11-19.",
    );
    expect(from(["KDAY", "2026-11-22"])).toBe(
      "From observations of KDAY up to 2026-11-22; none of KCMH itself.",
    );
  });

  it("is the climate where there is no observation, and is left to others where the server does not tell", () => {
    expect(from()).toBe("Climate only: started from no observation.");
    expect(basedOn(ensemble(1))).toBeUndefined();
    expect(basedOn(dressed)).toBeUndefined();
  });
});
