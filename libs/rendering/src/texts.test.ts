import type { Refusal } from "@weather/contracts";
import { describe, expect, it } from "vitest";
import { csv } from "./csv.ts";
import { ensemble, frost } from "../test/example.ts";
import { oneLine } from "./one-line.ts";

describe("an answer on one line", () => {
  it("has the main figures, in the reader's units", () => {
    expect(oneLine(ensemble(5), "metric")).toBe(
      "Ohio (KCMH), Mon: Mostly dry, low 0 °C, high 9 °C, rain or snow 40 %",
    );
    expect(oneLine(ensemble(1), "us")).toBe(
      "Ohio (KCMH), Mon: Mostly dry, low 31 °F, high 48 °F, rain or snow 40 %",
    );
    expect(oneLine(frost, "us")).toBe("Ohio (KCMH), on any of 2 days: low < 32 °F 83 %");
    expect(oneLine({ ...frost, days: frost.days.slice(0, 1) }, "metric")).toBe(
      "Ohio (KCMH), Mon: low < 0 °C 83 %",
    );
  });

  it("stays one line, with any text from others", () => {
    const message = "a\nb\u001b[2J";
    const refused: Refusal = {
      outcome: "refused",
      reason: "failed",
      state: "ohio",
      server: "s",
      message,
      details: [],
    };
    expect(oneLine(refused, "metric")).toBe("Ohio: refused, a\ufffdb\ufffd[2J");
  });
});

describe("an answer as CSV", () => {
  it("has a row for each day, and says its units in the head", () => {
    const lines = csv(ensemble(2), "metric").split("\r\n");
    expect(lines[0]).toBe(
      "station,date,high p10 °C,high p25 °C,high p50 °C,high p75 °C,high p90 °C,low p10 °C,low p25 °C,low p50 °C," +
        "low p75 °C,low p90 °C,precipitation chance,precipitation mean mm,precipitation p90 mm,summary",
    );
    expect(lines[1]).toBe("KCMH,2026-11-23,1.9,,8.9,,16.7,-6.8,,-0.3,,5.8,0.4,2.1,9.9,Mostly dry");
    expect(lines[2]).toMatch(/,"Slight chance of rain or snow, frost at night"$/);
    expect(lines.slice(3)).toEqual([""]);
  });

  it("is in the reader's units", () => {
    expect(csv(ensemble(1), "us")).toMatch(
      /,35\.42,,48\.02,,62\.06,19\.76,,31\.46,,42\.44,0\.4,0\.08,0\.39,Mostly dry\r\n$/,
    );
  });

  it("of a risk ends with the whole period", () => {
    expect(csv(frost, "us")).toBe(
      "station,date,chance\r\nKCMH,2026-11-23,0.52\r\nKCMH,2026-11-24,0.6\r\nKCMH,any day,0.83\r\n",
    );
  });

  it("contains no formula and no line break from others", () => {
    const evil = ensemble(1);
    if (evil.days[0]) evil.days[0].summary = '=HYPERLINK("x")\r\nKCMH,';
    expect(csv(evil, "metric").split("\r\n")[1]).toMatch(/,"'=HYPERLINK\(""x""\)\ufffd\ufffdKCMH,"$/);
  });
});
