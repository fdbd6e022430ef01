import { describe, expect, it } from "vitest";
import { bySeverity, worse, type ExitCode } from "./exit-code.ts";

const order: ExitCode[] = [0, 65, 75, 69, 64];

describe("the exit code of two results", () => {
  it("has this order of severity: all answered, refused, not answered, nobody there, wrong usage", () => {
    expect(bySeverity).toEqual(order);
  });

  for (const [low, one] of order.entries()) {
    for (const [high, other] of order.entries()) {
      const told = order[Math.max(low, high)];
      it(`${told} is told where ${one} and ${other} happened`, () => {
        expect(worse(one, other)).toBe(told);
      });
    }
  }
});
