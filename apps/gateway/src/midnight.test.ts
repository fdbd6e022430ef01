import { expect, it } from "vitest";
import { untilMidnight } from "./midnight.ts";

it.each([
  ["2026-11-26T12:00:00Z", 17 * 3_600_000],
  ["2026-11-27T04:59:59.999Z", 1],
  ["2026-11-27T05:00:00Z", 24 * 3_600_000],
  // The clocks go back at 6:00 UTC: the day has 25 hours.
  ["2026-11-01T04:00:00Z", 25 * 3_600_000],
])("at %s the next day begins in Ohio after %i ms", (now, milliseconds) => {
  expect(untilMidnight("ohio", new Date(now))).toBe(milliseconds);
});
