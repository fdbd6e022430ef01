import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkOf, compiled } from "./compiled.ts";
import { reply, request, type Reply } from "./index.ts";

const spread = { p10: -1, p50: 2.5, p90: 3 };
const forecast: Reply = {
  outcome: "forecast",
  state: "ohio",
  station: { id: "KCMH", name: "Columbus", latitude: 39.99, longitude: -82.88 },
  issuedAt: "2026-11-23T12:00:00Z",
  server: "ohio-server@host:1",
  model: { name: "climate-ensemble", members: 200, seed: 7 },
  days: [
    {
      date: "2026-11-23",
      high: spread,
      low: spread,
      precipitation: { chance: 0, mean: 0, p90: 0 },
      summary: "Dry",
    },
  ],
};
const asked = { kind: "risk", station: "KCMH", days: 3, seed: 7, threshold: { of: "low", below: 0 } };

/** The same value with one part of it replaced, added or left out, anywhere. */
function changed(value: unknown, path: number[], by: unknown): unknown {
  if (typeof value !== "object" || value === null || path.length === 0) return by;
  const [first = 0, ...rest] = path;
  const entries = Object.entries(value);
  const index = first % (entries.length + 1);
  if (index === entries.length)
    return Array.isArray(value) ? [...(value as unknown[]), by] : { ...value, added: by };
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  Object.assign(copy, { [entries[index]?.[0] ?? ""]: changed(entries[index]?.[1], rest, by) });
  return copy;
}

const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    undefined,
    NaN,
    Infinity,
    -0,
    "2026-02-30",
    "2024-02-29",
    "forecast",
    "KCMH",
    1e300,
  ),
);
const below = (prototype: object, own: object): unknown => Object.assign(Object.create(prototype), own);
const path = fc.array(fc.nat(12), { maxLength: 6 });

describe("the short way", () => {
  it("is there for the request and for the reply", () => {
    expect(checkOf(request)).toBeDefined();
    expect(checkOf(reply)).toBeDefined();
    expect(checkOf(reply)?.(forecast)).toBe(true);
    expect(checkOf(request)?.({ ...asked, members: 200 })).toBe(true);
  });

  it.each([
    ["request", request, asked],
    ["reply", reply, forecast],
  ] as const)(
    "of the %s takes what zod takes, as zod does, and refuses the rest with zod's words",
    (_, schema, fits) => {
      const short = compiled<z.ZodType>(schema)["~standard"];
      fc.assert(
        fc.property(path, anything, (where, by) => {
          const value = changed(fits, where, by);
          expect(short.validate(value)).toEqual(schema["~standard"].validate(value));
        }),
        { numRuns: 3_000 },
      );
    },
  );

  it("fills in defaults, and does not change what it was given", () => {
    const given = Object.freeze({ days: 3 });
    expect(compiled(request)["~standard"].validate(given)).toEqual({
      value: { kind: "forecast", days: 3, members: 200 },
    });
  });

  it("keeps a body with a __proto__ key out", () => {
    for (const body of ['{"__proto__": {}}', '{"days": 3, "__proto__": {"members": 10}}']) {
      expect(compiled(request)["~standard"].validate(JSON.parse(body))).toHaveProperty("issues");
    }
  });

  it.each([
    ["a transformation", z.strictObject({ a: z.string().transform(Number) })],
    ["trimmed text", z.strictObject({ a: z.string().trim() })],
    ["a coerced number", z.strictObject({ a: z.coerce.number() })],
    ["a format that is more than its pattern", z.strictObject({ a: z.url() })],
    ["an object that drops unknown fields", z.object({ a: z.string() })],
    ["a record", z.record(z.string(), z.string())],
  ])("is not taken for %s: zod alone does it", (_, schema) => {
    expect(checkOf(schema)).toBeUndefined();
    const value = { a: " 1 ", b: 2 };
    expect(compiled<z.ZodType>(schema)["~standard"].validate(value)).toEqual(
      (schema as z.ZodType)["~standard"].validate(value),
    );
  });

  it.each<[string, z.ZodType, unknown]>([
    ["an array with holes", z.array(z.number()), Array(2)],
    [
      "the name of a number in an enum",
      z.enum({ 0: "none", none: 0 } as Record<string, string | number>),
      "none",
    ],
    ["null for a literal that is no number", z.literal(NaN), null],
    ["a number beyond an infinite limit", z.number().max(-Infinity), -5],
    ["one field for another that may be undefined", z.strictObject({ a: z.literal(undefined) }), { b: 1 }],
    [
      "an unknown field beside one of the prototype",
      z.strictObject({ a: z.number() }),
      below({ a: 1 }, { b: 1 }),
    ],
    ["what more than one of exclusive choices takes", z.xor([z.number(), z.int()]), 1],
    ["a default in a list", z.array(z.string().optional().default("x")), [undefined]],
    ["a default that is optional", z.strictObject({ a: z.string().default("x").optional() }), { b: 1 }],
    ["what a check changes", z.string().check((payload) => void (payload.value = "x")), "y"],
  ])("leaves to zod %s", (_, schema, value) => {
    expect(compiled(schema)["~standard"].validate(value)).toEqual(schema["~standard"].validate(value));
  });

  it("tests a sticky pattern from the beginning each time", () => {
    const short = compiled(z.string().regex(/ab/y))["~standard"];
    expect(short.validate("ab")).toEqual({ value: "ab" });
    expect(short.validate("xxab")).toHaveProperty("issues");
  });

  it("fills in a default of its own each time", () => {
    const short = compiled(z.strictObject({ a: z.array(z.string()).default([]) }))["~standard"];
    for (const word of ["one", "two"]) {
      const { value } = short.validate({}) as { value: { a: string[] } };
      value.a.push(word);
      expect(value).toEqual({ a: [word] });
    }
  });
});
