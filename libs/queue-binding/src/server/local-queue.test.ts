import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ClosedError, Empty } from "../errors.ts";
import { LocalQueue } from "./local-queue.ts";

describe("a local queue", () => {
  it("gives the oldest item first", async () => {
    const queue = new LocalQueue<string>();
    queue.put("one");
    queue.put("two");
    expect(queue.length).toBe(2);
    expect([await queue.get(10), await queue.get(10)]).toEqual(["one", "two"]);
  });

  it("gives a new item to the caller that waits longest", async () => {
    const queue = new LocalQueue<string>();
    const gets = [queue.get(1_000), queue.get(1_000)];
    queue.put("one");
    queue.put("two");
    expect(await Promise.all(gets)).toEqual(["one", "two"]);
  });

  it("raises Empty after the timeout, not before, and then still gives new items", async () => {
    const queue = new LocalQueue<string>();
    const began = performance.now();
    await expect(queue.get(100)).rejects.toThrow(new Empty("nothing came within 100 ms"));
    expect(performance.now() - began).toBeGreaterThanOrEqual(100);
    queue.put("late");
    expect(await queue.get(100)).toBe("late");
  });

  it("that is closed gives the items that are left, then raises ClosedError to all waiting callers", async () => {
    const queue = new LocalQueue<string>();
    const waiting = queue.get(1_000).catch((error: unknown) => error);
    queue.close();
    expect(await waiting).toBeInstanceOf(ClosedError);
    queue.put("left");
    expect(await queue.get(10)).toBe("left");
    await expect(queue.get(10)).rejects.toBeInstanceOf(ClosedError);
  });

  it("keeps no timer of callers that got an item", async () => {
    const queue = new LocalQueue<number>();
    const gets = Array.from({ length: 1_000 }, () => queue.get(30));
    for (let item = 0; item < 1_000; item += 1) queue.put(item);
    expect(await Promise.all(gets)).toHaveLength(1_000);
    await pause(80); // a getter that still waits would have been rejected by now, unhandled
  });

  it("gives the oldest items that meet a condition, and keeps the others in order", async () => {
    const queue = new LocalQueue<number>();
    for (const item of [1, 2, 9, 3]) queue.put(item);
    expect(queue.clear((item) => item < 5)).toEqual([1, 2]);
    expect([await queue.get(10), await queue.get(10)]).toEqual([9, 3]);
    expect(queue.clear((item) => item < 5)).toEqual([]);
  });
});
