import { describe, expect, it } from "vitest";
import { basedOn } from "./based-on.ts";
import { dressed, ensemble } from "../test/example.ts";

const from = (...observed: [station: string, date: string][]) =>
  basedOn({ ...ensemble(1), startedFrom: observed.map(([station, date]) => ({ station, date })) });

describe("the basis of a forecast", () => {
  it("names two of the stations, the number of the others, and the newest day", () => {
    expect(from(["KCMH", "2026-11-22"], ["KCMH", "2026-11-21"])).toBe(
      "From observations of KCMH up to yesterday.",
    );
    expect(from(["KCMH", "2026-11-22"], ["KDAY", "2026-11-22"], ["KCVG", "2026-11-21"])).toBe(
      "From observations of KCMH, KDAY and KCVG up to yesterday.",
    );
    const six = ["KCMH", "KDAY", "KCVG", "KCLE", "KTOL", "KCAK"].map((id): [string, string] => [
      id,
      "2026-11-22",
    ]);
    expect(from(...six)).toBe("From observations of KCMH, KDAY and 4 others up to yesterday.");
  });

  it("says that the station itself is silent", () => {
    expect(from(["KCMH", "2026-11-19"], ["KDAY", "2026-11-22"])).toBe(
      "From observations of KCMH and KDAY up to yesterday; of KCMH itself up to 2026-11-19.",
    );
    expect(from(["KDAY", "2026-11-22"])).toBe(
      "From observations of KDAY up to yesterday; none of KCMH itself.",
    );
  });

  it("names the day in the state's time zone: today, yesterday, or its date", () => {
    // Still the evening of the 22nd in Ohio.
    const late = { ...ensemble(1), issuedAt: "2026-11-23T04:59:00Z" };
    const upTo = (date: string, reply = late) =>
      basedOn({ ...reply, startedFrom: [{ station: "KCMH", date }] })?.split(" up to ")[1];
    expect(upTo("2026-11-22")).toBe("today.");
    expect(upTo("2026-11-21")).toBe("yesterday.");
    expect(upTo("2026-11-20")).toBe("2026-11-20.");
    expect(upTo("2026-11-22", { ...late, state: "atlantis" })).toBe("yesterday.");
  });

  it("is the National Weather Service's forecast, with its local time, and its date if that is another day's", () => {
    const of = (issuedAt: string, state = "ohio") => basedOn({ ...dressed, issuedAt, state });
    const rest = ", dressed until 2026-11-24, then climate.";
    expect(of("2026-11-23T12:00:00Z")).toBe(`NWS forecast of 06:05${rest}`);
    expect(of("2026-11-24T12:00:00Z")).toBe(`NWS forecast of 2026-11-23 06:05${rest}`);
    expect(of("2026-11-23T12:00:00Z", "atlantis")).toBe(`NWS forecast of 11:05${rest}`);
  });

  it("is the climate without an observation, and nothing if the server does not tell", () => {
    expect(from()).toBe("Climate only: started from no observation of the 10 days before 2026-11-23.");
    expect(basedOn(ensemble(1))).toBeUndefined();
  });
});
