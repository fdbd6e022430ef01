import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tick, TimerWheel } from "./timer-wheel.ts";

describe("a timer wheel", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("hands items over in order, each once, none early, for any order of adding", () => {
    const rung: { after: number; at: number }[] = [];
    const began = performance.now();
    const wheel = new TimerWheel<number>((items) =>
      rung.push(...items.map((after) => ({ after, at: performance.now() - began }))),
    );
    for (const after of [200, 50, 120, 60]) wheel.add(after, began + after);
    vi.advanceTimersByTime(1_000);
    expect(rung.map(({ after }) => after)).toEqual([50, 60, 120, 200]);
    for (const { after, at } of rung) {
      expect(at).toBeGreaterThanOrEqual(after);
      expect(at).toBeLessThanOrEqual(after + tick + 2);
    }
  });

  it("hands items that are due together over together", () => {
    const rung: (readonly string[])[] = [];
    const wheel = new TimerWheel<string>((items) => rung.push(items));
    const at = performance.now() + 100;
    for (const item of ["one", "two", "three"]) wheel.add(item, at);
    vi.advanceTimersByTime(200);
    expect(rung).toEqual([["one", "two", "three"]]);
  });

  it("does not hand over a deleted item", () => {
    const rung: string[] = [];
    const wheel = new TimerWheel<string>((items) => rung.push(...items));
    const at = performance.now() + 50;
    wheel.add("dropped", at);
    wheel.add("kept", at);
    wheel.delete("dropped", at);
    vi.advanceTimersByTime(150);
    expect(rung).toEqual(["kept"]);
  });

  it("accepts items while it rings", () => {
    const rung: string[] = [];
    const wheel = new TimerWheel<string>((items) => {
      rung.push(...items);
      if (items.includes("first")) wheel.add("second", performance.now() + 30);
    });
    wheel.add("first", performance.now() + 30);
    vi.advanceTimersByTime(200);
    expect(rung).toEqual(["first", "second"]);
  });

  it("does not ring at once for an item that is due in months", () => {
    const rung: string[] = [];
    const wheel = new TimerWheel<string>((items) => rung.push(...items));
    wheel.add("far", performance.now() + 2 ** 40);
    vi.advanceTimersByTime(2 ** 31 + 60);
    expect(rung).toEqual([]);
  });
});
