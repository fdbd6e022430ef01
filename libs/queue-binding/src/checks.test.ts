import { describe, expect, it } from "vitest";
import { checkNumber, checkTime } from "./checks.ts";

describe("a numeric option", () => {
  it.each([
    [0, "concurrency must be a whole number from 1, got 0"],
    [NaN, "concurrency must be a whole number from 1, got NaN"],
    [-3, "concurrency must be a whole number from 1, got -3"],
    [1.5, "concurrency must be a whole number from 1, got 1.5"],
    ["8", "concurrency must be a whole number from 1, got 8"],
  ])("%s is refused: %s", (value, message) => {
    expect(() => checkNumber("concurrency", value, { min: 1, whole: true })).toThrow(new RangeError(message));
  });

  it("may be infinite only if it has no maximum", () => {
    checkNumber("count", Infinity, { min: 1, whole: true });
    expect(() => checkTime("deadline", Infinity)).toThrow(
      "deadline must be a number from 0 to 2147483647, got Infinity",
    );
    checkTime("deadline", 0.5);
  });
});
