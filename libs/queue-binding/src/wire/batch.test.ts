import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { split, valuesIn } from "./batch.ts";

describe("the questions to one queue", () => {
  it("are split into messages in order, none too large, and enough for all servers", () => {
    const bodies = fc.array(
      fc.oneof(
        fc.string(),
        fc.integer({ max: 40_000, min: 0 }).map((n) => "°".repeat(n)),
      ),
      {
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(bodies, fc.nat(20), (bodies, servers) => {
        const parts = bodies.map((body, index) => ({ id: String(index), body }));
        const messages = split(parts, servers);
        expect(messages.flat()).toEqual(parts);
        for (const message of messages) {
          const bytes = message.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
          expect(message.length === 1 || (message.length <= 100 && bytes <= 32_768)).toBe(true);
        }
        // No message has more than an even share, so that every server gets work.
        const most = Math.max(0, ...messages.map(({ length }) => length));
        expect(most).toBeLessThanOrEqual(Math.ceil(parts.length / Math.max(1, servers)));
      }),
    );
  });
});

describe("the values of a batch", () => {
  it("are found as they were written", () => {
    const value = fc.oneof(
      fc.json(),
      fc.json().map((json) => ` ${json} `),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), value)), (pairs) => {
        const json = `[ ${pairs.map(([id, value]) => `[${JSON.stringify(id)} ,${value}]`).join(" , ")} ]`;
        expect(valuesIn(Buffer.from(json)).map(String)).toEqual(pairs.map(([, value]) => value));
      }),
    );
  });

  it("may be nested a hundred thousand deep", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const json = `[["1",${deep}],["2",{"a":"]},"}]]`;
    expect(valuesIn(Buffer.from(json)).map(String)).toEqual([deep, '{"a":"]},"}']);
  });
});
