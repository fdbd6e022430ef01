import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { TimerWheel } from "./timer-wheel.ts";

describe("deadlines", () => {
  it("ring in order, each once, none early, whatever the order of adding", async () => {
    const rung: { after: number; at: number }[] = [];
    const began = performance.now();
    const deadlines = new TimerWheel<number>((after) => rung.push({ after, at: performance.now() - began }));
    for (const after of [200, 50, 120, 60]) deadlines.add(after, began + after);
    await pause(300);
    expect(rung.map(({ after }) => after)).toEqual([50, 60, 120, 200]);
    for (const { after, at } of rung) expect(at).toBeGreaterThanOrEqual(after);
  });

  it("that were deleted do not ring", async () => {
    const rung: string[] = [];
    const deadlines = new TimerWheel<string>((item) => rung.push(item));
    const at = performance.now() + 50;
    deadlines.delete("dropped", deadlines.add("dropped", at));
    deadlines.add("kept", at);
    await pause(150);
    expect(rung).toEqual(["kept"]);
  });

  it("may be added while one rings", async () => {
    const rung: string[] = [];
    const deadlines = new TimerWheel<string>((item) => {
      rung.push(item);
      if (item === "first") deadlines.add("second", performance.now() + 30);
    });
    deadlines.add("first", performance.now() + 30);
    await pause(200);
    expect(rung).toEqual(["first", "second"]);
  });

  it("of months do not ring at once", async () => {
    const rung: string[] = [];
    const deadlines = new TimerWheel<string>((item) => rung.push(item));
    const at = performance.now() + 2 ** 40;
    const bucket = deadlines.add("far", at);
    await pause(60);
    deadlines.delete("far", bucket);
    expect(rung).toEqual([]);
  });
});
