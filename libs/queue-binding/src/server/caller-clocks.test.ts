import { describe, expect, it } from "vitest";
import { givesUpAt } from "../wire/caller-time.ts";
import type { Properties } from "../wire/properties.ts";
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

const givenUp = (clocks: CallerClocks, properties: Properties, now: number) =>
  clocks.read(properties, now)?.givenUp ?? false;

describe("a request", () => {
  for (const difference of [0, 123_456_789, -5_000, circle - 1_500]) {
    it(`is given up when its caller's time is over, whose clock differs by ${difference} ms`, () => {
      const clocks = new CallerClocks();
      const { sent } = caller(difference);
      expect(givenUp(clocks, sent(10_000), 10_003)).toBe(false);
      expect(givenUp(clocks, sent(11_000), 11_990)).toBe(false);
      expect(givenUp(clocks, sent(12_000), 13_100)).toBe(true);
      expect(givenUp(clocks, sent(13_200), 13_202)).toBe(false);
    });
  }

  it("is never given up if its caller's clock is not known", () => {
    const clocks = new CallerClocks();
    expect(givenUp(clocks, caller(0, "one").sent(10_000), 99_000)).toBe(false);
    expect(givenUp(clocks, { replyTo: "two", expiration: "1000" }, 99_000)).toBe(false);
    expect(givenUp(clocks, { replyTo: "two", expiration: "1", headers: { [givesUpAt]: "x" } }, 99_000)).toBe(
      false,
    );
  });

  it("of one caller says nothing about another's clock", () => {
    const clocks = new CallerClocks();
    givenUp(clocks, caller(0, "one").sent(10_000), 10_001);
    expect(givenUp(clocks, caller(-60_000, "two").sent(10_000), 10_001)).toBe(false);
  });

  for (const hours of [0.05, 0.15, 0.3, 24]) {
    it(`of a clock that runs slow by 500 ppm is not given up, asked each ${hours} h`, () => {
      const clocks = new CallerClocks();
      for (let time = 0; time < 100; time += hours) {
        const at = Math.round(time * 3_600_000);
        const { sent } = caller(-Math.round(at * 500e-6));
        expect(givenUp(clocks, sent(at), at + 900)).toBe(false);
        expect(givenUp(clocks, sent(at), at + 3)).toBe(false);
      }
    });
  }
});

describe("the wait", () => {
  const wait = (clocks: CallerClocks, properties: Properties, now: number) =>
    clocks.read(properties, now)?.wait;
  const ahead = 3_600_000;

  it("is the time since a request was sent, by clocks that agree, also of a caller's first request", () => {
    const clocks = new CallerClocks();
    expect(wait(clocks, caller(0).sent(10_000), 10_900)).toBe(850);
    expect(wait(clocks, caller(0).sent(11_000), 11_001)).toBe(0);
    expect(wait(clocks, caller(0).sent(12_000), 12_301)).toBe(300);
    expect(clocks.difference(12_301)).toBe(0);
  });

  for (const difference of [-20, 40, 30_000, -30_000, ahead, -ahead]) {
    it(`is what it took beyond the fastest one, if the caller's clock differs by ${difference} ms`, () => {
      const clocks = new CallerClocks();
      const { sent } = caller(difference);
      const wrong = Math.abs(difference) >= 1_000;
      expect(wait(clocks, sent(10_000), 10_002)).toBe(wrong ? undefined : 0);
      expect(wait(clocks, sent(11_000), 11_502)).toBe(500);
      expect(clocks.difference(11_502)).toBeCloseTo(
        Math.abs(difference) >= 1_000 ? Math.abs(difference) : 0,
        -2,
      );
    });
  }

  it("of a caller whose clock is slow is noticed beside another caller's, because a queue is first in, first out", () => {
    const clocks = new CallerClocks();
    const [right, behind] = [caller(0, "right"), caller(-30_000, "behind")];
    const long = (properties: Properties) => ({
      ...properties,
      expiration: "60000",
      headers: { [givesUpAt]: (properties.headers?.[givesUpAt] as number) + 59_000 },
    });
    expect(wait(clocks, long(right.sent(10_000)), 10_003)).toBe(0);
    expect(wait(clocks, long(behind.sent(10_000)), 10_004)).toBeUndefined();
    expect(wait(clocks, long(behind.sent(10_050)), 10_154)).toBe(100);
    expect(wait(clocks, long(right.sent(10_100)), 10_205)).toBe(102);
    expect(clocks.difference(10_205)).toBeCloseTo(30_000, -2);
    expect(clocks.difference(80_000)).toBe(0);
  });

  it("is not known for a request without a time", () => {
    expect(new CallerClocks().read({ replyTo: "two", expiration: "1000" }, 99_000)).toBeUndefined();
  });
});
