import { expect, test } from "vitest";
import { outcomeOf } from "./ask-many.ts";
import { dayOf, duration, figure, milliseconds } from "./figures.ts";

test("figures are short, and unknown ones a dash", () => {
  expect([0, 3.25, 3, 12.7, 1_473, null].map(figure)).toEqual(["0", "3.3", "3", "13", "1,473", "–"]);
  expect([1.234, 58.4, undefined].map(milliseconds)).toEqual(["1.2", "58", "–"]);
});

test("time spans have two units at most", () => {
  expect([0.4, 59.9, 130, 7_920, 532_000].map(duration)).toEqual([
    "0 s",
    "59 s",
    "2 min",
    "2 h 12 min",
    "6 d 3 h",
  ]);
});

test("a day is written without its year", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  expect([dayOf("2026-11-05", now), dayOf(null)]).toEqual(["5 Nov", "–"]);
  expect(dayOf("2024-01-15", now)).toBe("15 Jan 2024");
});

test("the answers to many questions are counted by server, and a problem is told", () => {
  const from = (server: string) => JSON.stringify({ index: 0, reply: { server } });
  const problem = JSON.stringify({ problem: { title: "Overloaded", detail: "ohio is overloaded" } });
  expect(outcomeOf([from("a"), from("b"), from("b")].join("\n"), 3, 0.584)).toBe(
    "3 of 3 answered in 0.58 s. Each of 2 servers had between 1 and 2.",
  );
  expect(outcomeOf([from("a"), problem].join("\n"), 2, 1)).toBe(
    "1 of 2 answered in 1.00 s. One server had them all. The last problem: ohio is overloaded",
  );
  expect(outcomeOf("", 200, 3)).toBe("0 of 200 answered in 3.00 s.");
});
