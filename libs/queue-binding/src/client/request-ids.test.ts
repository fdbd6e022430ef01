import { describe, expect, it } from "vitest";
import { isBatchId, randomBatchId, randomId } from "./request-ids.ts";

describe("ids of requests", () => {
  it("are all different, of 96 random bits, and differ from the ids of batches", () => {
    const ids = Array.from({ length: 10_000 }, randomId);
    expect(new Set(ids).size).toBe(10_000);
    for (const id of ids) expect(id).toMatch(/^[\w-]{16}$/);
    expect(ids.some(isBatchId)).toBe(false);
    expect(isBatchId(randomBatchId())).toBe(true);
  });

  it("have nothing in common with earlier ids: each bit changes in half of them", () => {
    const bits = Array.from({ length: 2_000 }, () =>
      BigInt(`0x${Buffer.from(randomId(), "base64url").toString("hex")}`),
    );
    for (let bit = 0n; bit < 96n; bit += 1n) {
      const ones = bits.filter((id) => (id >> bit) & 1n).length;
      expect(ones).toBeGreaterThan(800);
      expect(ones).toBeLessThan(1_200);
    }
  });
});
