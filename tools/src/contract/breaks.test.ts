import { describe, expect, it } from "vitest";
import * as z from "zod";
import { breaks } from "./breaks.ts";
import type { Schema } from "./schemas.ts";

const schema = (type: z.ZodType) => z.toJSONSchema(type, { target: "draft-7", io: "input" }) as Schema;
const nothing = schema(z.strictObject({}));

/** The breaks when the schema of requests, or of replies, changes. */
function between(side: "request" | "reply", old: z.ZodType, now: z.ZodType, version = 1) {
  const contract = { version: 1, request: nothing, reply: nothing };
  return breaks({ ...contract, [side]: schema(old) }, { ...contract, version, [side]: schema(now) });
}

const { strictObject: only } = z;
const days = (type: z.ZodType) => only({ days: type });
const whole = (min: number, max: number) => z.number().int().min(min).max(max);
const tagged = (...names: string[]) => z.union(names.map((name) => only({ outcome: z.literal(name) })));

// Narrower: a break for requests. Its reverse, wider, is a break for replies.
const narrowings: [what: string, wide: z.ZodType, narrow: z.ZodType, request: string, reply: string][] = [
  ["maximum", whole(1, 10), whole(1, 7), "maximum 10 became 7", "maximum 7 became 10"],
  ["minimum", whole(1, 10), whole(2, 10), "minimum 1 became 2", "minimum 2 became 1"],
  ["new maximum", z.number(), z.number().max(7), "maximum none became 7", "maximum 7 became none"],
  [
    "exclusive maximum",
    z.number().lt(9),
    z.number().lt(8),
    "exclusiveMaximum 9 became 8",
    "exclusiveMaximum 8 became 9",
  ],
  ["type", z.number(), z.int().min(-9).max(9), "type number became integer", "type integer became number"],
  ["other type", z.unknown(), z.string(), "type none became string", "type string became none"],
  ["length", z.string().max(9), z.string().max(8), "maxLength 9 became 8", "maxLength 8 became 9"],
  [
    "items",
    z.array(z.string()),
    z.array(z.string()).min(1),
    "minItems none became 1",
    "minItems 1 became none",
  ],
  ["pattern", z.string(), z.string().regex(/^K/), "pattern none became ^K", "pattern ^K became none"],
  [
    "format",
    z.string(),
    z.iso.date().overwrite(String),
    "format none became date",
    "format date became none",
  ],
  ["enum", z.enum(["a", "b"]), z.enum(["a"]), "enum [a,b] became [a]", "enum [a] became [a,b]"],
  ["constant", z.literal(["a", "b"]), z.literal("a"), "enum [a,b] became [a]", "enum [a] became [a,b]"],
  ["step", z.number(), z.number().multipleOf(5), "multipleOf none became 5", "multipleOf 5 became none"],
];

describe("a range, a list of values, a type, a length or a pattern", () => {
  for (const [what, wide, narrow, request, reply] of narrowings) {
    it(`that is narrowed breaks requests: ${what}`, () => {
      expect(between("request", days(wide), days(narrow))).toContain(`request.days: ${request}`);
      expect(between("request", days(narrow), days(wide))).toEqual([]);
    });
    it(`that is widened breaks replies: ${what}`, () => {
      expect(between("reply", days(narrow), days(wide))).toContain(`reply.days: ${reply}`);
      expect(between("reply", days(wide), days(narrow))).toEqual([]);
    });
  }

  it("that becomes another breaks both", () => {
    for (const side of ["request", "reply"] as const) {
      expect(between(side, days(z.string()), days(z.boolean()))).toEqual([
        `${side}.days: type string became boolean`,
      ]);
      expect(between(side, days(z.string().regex(/a/)), days(z.string().regex(/b/)))).toEqual([
        `${side}.days: pattern a became b`,
      ]);
    }
  });

  it("is found in arrays and objects within", () => {
    const nested = (max: number) => only({ list: z.array(only({ high: z.number().max(max) })) });
    expect(between("request", nested(70), nested(60))).toEqual(["request.list[].high: maximum 70 became 60"]);
  });
});

describe("a field of a request", () => {
  it("that is removed is a break", () => {
    expect(between("request", days(z.number()), only({}))).toEqual(["request.days: was removed"]);
  });
  it("that becomes required is a break, be it new or not", () => {
    const optional = days(z.number().optional());
    expect(between("request", optional, days(z.number()))).toEqual(["request.days: became required"]);
    expect(between("request", only({}), days(z.number()))).toEqual(["request.days: became required"]);
  });
  it("that is new and optional, or no longer required, is none", () => {
    const optional = days(z.number().optional());
    expect(between("request", only({}), optional)).toEqual([]);
    expect(between("request", days(z.number()), optional)).toEqual([]);
  });
});

describe("a field of a reply", () => {
  it("that is removed is a break, be it required or not", () => {
    expect(between("reply", days(z.number()), only({}))).toEqual(["reply.days: was removed"]);
    expect(between("reply", days(z.number().optional()), only({}))).toEqual(["reply.days: was removed"]);
  });
  it("that is no longer required is a break", () => {
    const message = "reply.days: is no longer required";
    expect(between("reply", days(z.number()), days(z.number().optional()))).toEqual([message]);
  });
  it("that is new is none, be it required or not: clients ignore what they do not know", () => {
    expect(between("reply", only({}), days(z.number()))).toEqual([]);
    expect(between("reply", only({}), days(z.number().optional()))).toEqual([]);
    const nested = (inner: z.ZodType) =>
      tagged("a").or(only({ outcome: z.literal("b"), list: z.array(inner) }));
    expect(between("reply", nested(only({})), nested(days(z.number())))).toEqual([]);
  });
});

describe("an object", () => {
  const [strict, loose] = [only({}), z.looseObject({})];
  it("that begins to refuse unknown fields breaks requests", () => {
    expect(between("request", loose, strict)).toHaveLength(1);
    expect(between("request", strict, loose)).toEqual([]);
  });
  it("may begin or cease to have unknown fields in a reply", () => {
    expect(between("reply", strict, loose)).toEqual([]);
    expect(between("reply", loose, strict)).toEqual([]);
  });
});

describe("a variant", () => {
  it("that is new breaks replies: an outcome", () => {
    expect(between("reply", tagged("forecast", "refused"), tagged("forecast", "refused", "risk"))).toEqual([
      "reply: risk is new",
    ]);
    expect(between("reply", tagged("forecast", "risk", "refused"), tagged("forecast", "risk"))).toEqual([]);
  });
  it("that is removed breaks requests", () => {
    expect(between("request", tagged("a", "b", "c"), tagged("a", "b"))).toEqual(["request: c was removed"]);
    expect(between("request", tagged("a", "b"), tagged("a", "b", "c"))).toEqual([]);
  });
  it("is compared with the variant of the same name, in any order", () => {
    const one = (max: number) => only({ outcome: z.literal("one"), days: z.number().max(max) });
    const two = only({ outcome: z.literal("two") });
    expect(between("reply", z.union([one(7), two]), z.union([two, one(10)]))).toEqual([
      "reply.one.days: maximum 7 became 10",
    ]);
  });
  it("without a name may match any other, and is named by its place if it matches none", () => {
    const [text, number] = [z.string().max(5), z.number().max(5)];
    expect(between("reply", days(z.union([text, number])), days(z.union([number, text])))).toEqual([]);
    expect(between("reply", days(z.union([text, number])), days(z.union([text, z.number()])))).toEqual([
      "reply.days.1: maximum 5 became none",
    ]);
  });
});

describe("JSON in a text, such as the events of a stream", () => {
  const events = (fields: z.ZodRawShape) =>
    z.string().meta({ contentSchema: z.toJSONSchema(only(fields), { target: "draft-7", io: "input" }) });
  const old = events({ at: z.string().describe("When") });

  it("may get another description, and more fields", () => {
    expect(between("reply", old, events({ at: z.string().describe("The time"), by: z.string() }))).toEqual(
      [],
    );
  });

  it("keeps its fields", () => {
    expect(between("reply", old, events({ at: z.number() }))).toEqual([
      "reply.at: type string became number",
    ]);
    expect(between("reply", old, events({}))).toEqual(["reply.at: was removed"]);
  });
});

describe("a keyword that the comparison does not know", () => {
  it("may not change unnoticed", () => {
    const record = (value: z.ZodType) => z.record(z.string(), value);
    expect(between("request", record(z.number()), record(z.string()))).toHaveLength(1);
  });
});

describe("a raised version", () => {
  it("excuses nothing", () => {
    const broken = "request.days: maximum 10 became 7";
    expect(between("request", days(whole(1, 10)), days(whole(1, 7)), 2)).toEqual([broken]);
    expect(between("reply", days(z.number()), only({}), 2)).toEqual(["reply.days: was removed"]);
  });
});
