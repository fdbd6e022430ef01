import type { EnsembleDay } from "@weather/contracts";
import { describe, expect, it } from "vitest";
import { daysTable, rangeBar, repliesTable, sparkline, table } from "./tables.ts";
import { unitsOf } from "./units.ts";

const look = { units: unitsOf(false), colour: false };

describe("a table", () => {
  it("aligns its columns and leaves no space at the ends of its lines", () => {
    const head: [string, "left" | "right"][] = [
      ["State", "left"],
      ["Waiting", "right"],
    ];
    expect(
      table(
        head,
        [
          ["ohio", "3"],
          ["virginia", "12"],
        ],
        false,
      ),
    ).toBe(["State     Waiting", "ohio            3", "virginia       12"].join("\n"));
  });

  it("shows a failed request with its error in its row", () => {
    const failed = { number: 1, state: "ohio", milliseconds: 12.34, error: new RangeError("no") } as const;
    expect(repliesTable([failed], look)).toMatch(/1 {2}ohio {3}RangeError .* 12\.3/);
  });
});

describe("a forecast of single values", () => {
  it("shows them as they are, and a dash where nothing is known", () => {
    const text = daysTable(
      {
        outcome: "forecast",
        state: "virginia",
        station: { id: "KDCA", name: "Washington National", latitude: 38.85, longitude: -77.04 },
        issuedAt: "2026-11-23T12:00:00Z",
        server: "virginia-server@host:1",
        model: { name: "nws", updatedAt: "2026-11-23T11:00:00Z" },
        days: [{ date: "2026-11-23", high: { value: 9 }, precipitation: { chance: 0.3 }, summary: "Sunny" }],
      },
      12,
      look,
    );
    expect(text).toMatch(/Mon {2}2026-11-23 {2}Sunny +– +9\.0 +30 % +–/);
    expect(text).toContain("National Weather Service, 2026-11-23T11:00:00Z; virginia-server@host:1");
  });
});

describe("a sparkline", () => {
  it("spreads its values over eight heights", () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe("▁▂▃▄▅▆▇█");
  });

  it("stays at the bottom when all are equal, and leaves a gap where nothing is known", () => {
    expect(sparkline([5, undefined, 5])).toBe("▁ ▁");
  });
});

describe("a range bar", () => {
  it("is full between the medians and light in the 10–90 % range", () => {
    const day = { low: { p10: 0, p50: 5, p90: 8 }, high: { p10: 9, p50: 14, p90: 19 } } as EnsembleDay;
    expect(rangeBar(day, { coldest: 0, warmest: 19 })).toBe("░░░░░██████████░░░░░");
  });
});

describe("US units", () => {
  it("are whole degrees Fahrenheit and hundredths of an inch", () => {
    const { degrees, amount } = unitsOf(true);
    expect([degrees(0), degrees(-40), degrees(37.8), amount(25.4)]).toEqual(["32", "-40", "100", "1.00"]);
  });
});
