import type { Properties } from "./properties.ts";

/**
 * Bounds of a message's headers, above everything that RabbitMQ or a careful sender writes. The third bound is the frame
 * size: a content header is one frame, and the broker keeps to the negotiated size (128 KiB).
 */
export const bounds = {
  /** Levels of nested tables and arrays. RabbitMQ's own `x-death` has two. */
  depth: 32,
  /** Entries of all tables and arrays together. */
  entries: 4_096,
} as const;

/** Properties with amqplib's names and types, and a note on what was not decoded. */
type DecodedProperties = Partial<Record<string, unknown>> & Pick<Properties, "unreadable" | "bodySize">;

/** The content header of a message (AMQP 0-9-1, section 4.2.6.1). */
interface ContentHeader {
  /** Size of the body in bytes. */
  readonly size: number;
  readonly fields: DecodedProperties;
}

/**
 * Decodes a content header within {@link bounds}. No input of a sender makes it throw. Headers beyond the bounds, and those
 * that are not valid AMQP, are left out, and `unreadable` says why.
 *
 * amqplib's own decoder recurses as deep as the headers are nested: 24 kB of tables in tables overflow the stack, and the
 * connection ends (docs/security.md).
 */
export function decodeContentHeader(payload: Buffer): ContentHeader {
  const source: Source = { bytes: payload, at: 14, end: payload.length, entries: 0, unreadable: undefined };
  const size = payload.readUInt32BE(4) * 2 ** 32 + payload.readUInt32BE(8);
  let fields: DecodedProperties;
  try {
    fields = properties(source, payload.readUInt16BE(12));
  } catch (error) {
    fields = {};
    source.unreadable ??= (error as Error).message;
  }
  if (source.unreadable !== undefined) fields.unreadable = source.unreadable;
  return { size, fields };
}

/** The properties in the order of the wire format, each with its flag. */
const properties = (source: Source, flags: number): DecodedProperties => ({
  contentType: flags & 0x8000 ? shortString(source) : undefined,
  contentEncoding: flags & 0x4000 ? shortString(source) : undefined,
  headers: flags & 0x2000 ? headers(source) : undefined,
  deliveryMode: flags & 0x1000 ? octet(source) : undefined,
  priority: flags & 0x0800 ? octet(source) : undefined,
  correlationId: flags & 0x0400 ? shortString(source) : undefined,
  replyTo: flags & 0x0200 ? shortString(source) : undefined,
  expiration: flags & 0x0100 ? shortString(source) : undefined,
  messageId: flags & 0x0080 ? shortString(source) : undefined,
  timestamp: flags & 0x0040 ? Number(unsignedLong(source)) : undefined,
  type: flags & 0x0020 ? shortString(source) : undefined,
  userId: flags & 0x0010 ? shortString(source) : undefined,
  appId: flags & 0x0008 ? shortString(source) : undefined,
  clusterId: flags & 0x0004 ? shortString(source) : undefined,
});

/** Bytes, and the position of the reader. */
interface Source {
  readonly bytes: Buffer;
  at: number;
  /** End of the table or array that is being read. */
  end: number;
  entries: number;
  unreadable: string | undefined;
}

/** Skips so many bytes. @returns where they begin @throws {RangeError} if fewer are left */
function skip(source: Source, length: number): number {
  const { at } = source;
  if (length > source.end - at) throw new RangeError("its properties end in the middle of a value");
  source.at = at + length;
  return at;
}

function octet(source: Source): number {
  return source.bytes[skip(source, 1)] as number;
}

function shortString(source: Source): string {
  const length = octet(source);
  const at = skip(source, length);
  return source.bytes.toString("utf8", at, at + length);
}

function long(source: Source): number {
  return source.bytes.readUInt32BE(skip(source, 4));
}

function unsignedLong(source: Source): number | bigint {
  return exact(source.bytes.readBigUInt64BE(skip(source, 8)));
}

/** A number if JavaScript can represent it exactly, else a bigint. */
const exact = (value: bigint): number | bigint =>
  BigInt.asIntN(54, value) === value ? Number(value) : value;

/** Keeps the headers before an error. Those behind an unknown type cannot be found. */
function headers(source: Source): Record<string, unknown> {
  const table = {};
  const { end } = source;
  const length = long(source);
  const begin = skip(source, length);
  source.at = begin;
  source.end = begin + length;
  try {
    entries(source, table, 1);
  } catch (error) {
    source.unreadable ??= (error as Error).message;
  }
  source.at = begin + length;
  source.end = end;
  return table;
}

function entries(source: Source, table: Record<string, unknown>, depth: number): void {
  while (source.at < source.end) {
    const name = shortString(source);
    const value = fieldValue(source, depth);
    // An assignment to `__proto__` would set the prototype.
    if (name === "__proto__") Object.defineProperty(table, name, { value, enumerable: true });
    else table[name] = value;
  }
}

/** Reads a table or an array. One that is nested too deep stays empty. */
function inner<Value>(
  source: Source,
  depth: number,
  value: Value,
  read: (source: Source, value: Value, depth: number) => void,
): Value {
  const length = long(source);
  const begin = skip(source, length);
  if (depth >= bounds.depth) {
    source.unreadable ??= `its headers are nested deeper than ${bounds.depth}`;
    return value;
  }
  const { end } = source;
  source.at = begin;
  source.end = begin + length;
  read(source, value, depth + 1);
  source.end = end;
  return value;
}

function items(source: Source, array: unknown[], depth: number): void {
  while (source.at < source.end) array.push(fieldValue(source, depth));
}

/** The types that RabbitMQ and amqplib know (rabbitmq.com/amqp-0-9-1-errata). */
function fieldValue(source: Source, depth: number): unknown {
  source.entries += 1;
  if (source.entries > bounds.entries) throw new RangeError(`it has more than ${bounds.entries} headers`);
  const { bytes } = source;
  const tag = octet(source);
  switch (tag) {
    case 0x53: {
      // S
      const length = long(source);
      const at = skip(source, length);
      return bytes.toString("utf8", at, at + length);
    }
    case 0x49: // I
      return bytes.readInt32BE(skip(source, 4));
    case 0x69: // i
      return long(source);
    case 0x46: // F
      return inner(source, depth, {}, entries);
    case 0x41: // A
      return inner(source, depth, [], items);
    case 0x74: // t
      return octet(source) !== 0;
    case 0x56: // V
      return null;
    case 0x62: // b
      return bytes.readInt8(skip(source, 1));
    case 0x42: // B
      return octet(source);
    case 0x73: // s
      return bytes.readInt16BE(skip(source, 2));
    case 0x75: // u
      return bytes.readUInt16BE(skip(source, 2));
    case 0x6c: // l
      return exact(bytes.readBigInt64BE(skip(source, 8)));
    case 0x64: // d
      return bytes.readDoubleBE(skip(source, 8));
    case 0x66: // f
      return bytes.readFloatBE(skip(source, 4));
    case 0x54: // T
      return { "!": "timestamp", value: unsignedLong(source) };
    case 0x44: {
      // D
      const places = octet(source);
      return { "!": "decimal", value: { places, digits: long(source) } };
    }
    case 0x78: {
      // x
      const length = long(source);
      const at = skip(source, length);
      return bytes.subarray(at, at + length);
    }
    default:
      throw new TypeError(`it has a header of the unknown type "${String.fromCharCode(tag)}"`);
  }
}
