import { describe, expect, it } from "vitest";
import { givesUpAt } from "../wire/caller-time.ts";
import { CallerClocks } from "./caller-clocks.ts";

const circle = 2 ** 31;

/** A caller whose clock differs from the server's, and its requests. */
const caller = (difference: number, replyTo = "somebody") => ({
  /** Sent at this time of the server's clock, to be answered within a second. */
  sent: (at: number) => ({
    replyTo,
    expiration: "1000",
    headers: { [givesUpAt]: (((at + difference + 1_000) % circle) + circle) % circle },
  }),
});

describe("a request", () => {
  for (const difference of [0, 123_456_789, -5_000, circle - 1_500]) {
    it(`is given up when its caller's time is over, whose clock differs by ${difference} ms`, () => {
      const clocks = new CallerClocks();
      const { sent } = caller(difference);
      expect(clocks.hasGivenUp(sent(10_000), 10_003)).toBe(false);
      expect(clocks.hasGivenUp(sent(11_000), 11_990)).toBe(false);
      expect(clocks.hasGivenUp(sent(12_000), 13_100)).toBe(true);
      expect(clocks.hasGivenUp(sent(13_200), 13_202)).toBe(false);
    });
  }

  it("is never given up if nothing is known of its caller's clock", () => {
    const clocks = new CallerClocks();
    expect(clocks.hasGivenUp(caller(0, "one").sent(10_000), 99_000)).toBe(false);
    expect(clocks.hasGivenUp({ replyTo: "two", expiration: "1000" }, 99_000)).toBe(false);
    expect(
      clocks.hasGivenUp({ replyTo: "two", expiration: "1", headers: { [givesUpAt]: "x" } }, 99_000),
    ).toBe(false);
  });

  it("of one caller tells nothing of another's clock", () => {
    const clocks = new CallerClocks();
    clocks.hasGivenUp(caller(0, "one").sent(10_000), 10_001);
    expect(clocks.hasGivenUp(caller(-60_000, "two").sent(10_000), 10_001)).toBe(false);
  });

  for (const hours of [0.05, 0.15, 0.3, 24]) {
    it(`of a clock that runs slow by 500 ppm is not given up, asked each ${hours} h`, () => {
      const clocks = new CallerClocks();
      for (let time = 0; time < 100; time += hours) {
        const at = Math.round(time * 3_600_000);
        const { sent } = caller(-Math.round(at * 500e-6));
        expect(clocks.hasGivenUp(sent(at), at + 900)).toBe(false);
        expect(clocks.hasGivenUp(sent(at), at + 3)).toBe(false);
      }
    });
  }
});
