import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { field, messageBytes, table, type BytesOfMessage } from "@weather/testing";
import { boundDecoding } from "./bounded-decoding.ts";
import { decodeContentHeader } from "./content-header.ts";

const require = createRequire(createRequire(import.meta.url).resolve("amqplib"));
const { Connection } = require("./lib/connection.js") as { Connection: new (stream: unknown) => Internals };

interface Internals {
  rest: Buffer;
  stream: unknown;
  accept: (frame: unknown) => void;
  acceptLoop: () => void;
  on: (event: "frameError", listener: (error: Error) => void) => void;
}

/** Gives these bytes to a connection of the installed amqplib. @returns the messages that it accepts */
function received(bytes: Buffer, bounded: boolean): Record<string, unknown>[] {
  const connection = new Connection({ on: () => {}, read: () => null, write: () => {}, once: () => {} });
  const frames: Record<string, unknown>[] = [];
  connection.accept = (frame) => frames.push(frame as Record<string, unknown>);
  connection.on("frameError", (error) => frames.push({ error }));
  connection.stream = { on: () => {}, read: () => null };
  if (bounded) boundDecoding({ connection: connection as never });
  connection.rest = bytes;
  connection.acceptLoop();
  return frames;
}

/** The content header of a message, as amqplib or we decode it. */
const headerOf = (message: BytesOfMessage, bounded = true) =>
  received(messageBytes(1, message), bounded)[1] as { fields: Record<string, unknown>; error?: Error };

describe("the decoding of messages", () => {
  it("overflows the stack in the installed amqplib: if this test fails, our decoder is no longer needed", () => {
    const { error } = headerOf({ headers: table(["t", field.nestedTables(4_000)]) }, false);
    expect(error).toBeInstanceOf(RangeError);
    expect(error?.message).toContain("call stack");
  });

  it.each([
    ["tables", field.nestedTables(4_000), "nested deeper than 32"],
    ["arrays", field.nestedArrays(4_000), "nested deeper than 32"],
    ["tables, just too deep", field.nestedTables(32), "nested deeper than 32"],
    ["ten thousand entries", field.array(...Array<Buffer>(10_000).fill(field.nothing())), "more than 4096"],
    ["an unknown type", field.raw("Z", Buffer.from("?")), 'unknown type "Z"'],
    ["a text longer than its table", field.raw("S", Buffer.from([255, 255, 255, 255])), "end in the middle"],
    ["a table longer than its table", field.raw("F", Buffer.from([0, 0, 1, 0])), "end in the middle"],
    ["nothing after a type", field.raw("l", Buffer.alloc(0)), "end in the middle"],
  ])("leaves out what is beyond its bounds and says so: %s", (_, value, why) => {
    const headers = table(["before", field.int(1)], ["hostile", value]);
    const { fields } = headerOf({ headers, correlationId: "7", replyTo: "me" });
    expect(fields).toMatchObject({ correlationId: "7", replyTo: "me", headers: { before: 1 } });
    expect(fields["unreadable"]).toContain(why);
  });

  it("reads headers that are just within its bounds", () => {
    const { fields } = headerOf({ headers: table(["t", field.nestedTables(31)]) });
    expect(fields["unreadable"]).toBeUndefined();
  });

  it("keeps numbers that JavaScript cannot represent exactly, and a header called __proto__", () => {
    const headers = table(
      ["long", field.long(-(2n ** 63n))],
      ["time", field.timestamp(2n ** 64n - 1n)],
      ["__proto__", field.table(["CC", field.text("mine")])],
    );
    const { headers: read } = headerOf({ headers }).fields as { headers: Record<string, unknown> };
    expect(Object.entries(read)).toEqual([
      ["long", -(2n ** 63n)],
      ["time", { "!": "timestamp", value: 2n ** 64n - 1n }],
      ["__proto__", { CC: "mine" }],
    ]);
    expect(read["CC"]).toBeUndefined();
  });

  it("gives the same result as amqplib's within its bounds", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    const { value } = fc.letrec<{ value: Buffer }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        text.map(field.text),
        fc.integer({ min: 0, max: 2 ** 31 }).map(field.int),
        fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }).map(field.long),
        fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }).map(field.timestamp),
        fc.uint8Array({ maxLength: 20 }).map((bytes) => field.bytes(Buffer.from(bytes))),
        fc.constant(field.nothing()),
        ...[
          ["b", 1],
          ["B", 1],
          ["t", 1],
          ["s", 2],
          ["u", 2],
          ["i", 4],
          ["f", 4],
          ["D", 5],
          ["d", 8],
        ].map(([tag, size]) =>
          fc
            .uint8Array({ minLength: size as number, maxLength: size as number })
            .map((bytes) => field.raw(tag as string, Buffer.from(bytes))),
        ),
        fc.array(tie("value"), { maxLength: 4 }).map((items) => field.array(...items)),
        fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }).map((entries) => field.table(...entries)),
      ),
    }));
    const name = text.filter((name) => name !== "__proto__");
    const message = fc.record(
      {
        headers: fc.array(fc.tuple(name, value), { maxLength: 6 }).map((entries) => table(...entries)),
        body: text,
        contentType: text,
        deliveryMode: fc.nat(255),
        priority: fc.nat(255),
        correlationId: text,
        replyTo: text,
        expiration: text,
        messageId: text,
        timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        type: text,
        appId: text,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(message, (message) => {
        expect(headerOf(message)).toEqual(headerOf(message, false));
      }),
      { numRuns: 1_000 },
    );
  });

  it("never throws, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 14, maxLength: 200 }), (bytes) => {
        decodeContentHeader(Buffer.from(bytes));
      }),
      { numRuns: 5_000 },
    );
  });

  it("skips a body that is too large, and reads the next message", () => {
    const large = { correlationId: "1", body: "x".repeat(16 * 2 ** 20 + 1) };
    const bytes = Buffer.concat([messageBytes(1, large), messageBytes(1, { correlationId: "2", body: "y" })]);
    const frames = received(bytes, true);
    expect(frames).toMatchObject([
      { id: 0x3c0028 },
      { size: 0, fields: { correlationId: "1", bodySize: 16 * 2 ** 20 + 1 } },
      { id: 0x3c0028 },
      { size: 1, fields: { correlationId: "2" } },
      { content: Buffer.from("y") },
    ]);
  });

  it("throws if amqplib works in another way, so that nobody relies on missing bounds", () => {
    const other = { rest: Buffer.alloc(0), acceptLoop: () => {}, recvFrame: () => false };
    expect(() => boundDecoding({ connection: other as never })).toThrow("in another way");
  });
});
