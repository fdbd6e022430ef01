// AMQP 0-9-1 as bytes (sections 4.2 and 4.2.5 of the specification), for messages that no AMQP library would write.

/** A name or a text, or any bytes instead. */
type Text = string | Buffer;
const bytesOf = (text: Text) => (typeof text === "string" ? Buffer.from(text) : text);

const number = (bytes: 1 | 2 | 4 | 8, value: number | bigint) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(BigInt(value));
  return buffer.subarray(8 - bytes);
};

export const shortString = (text: Text) => Buffer.concat([number(1, bytesOf(text).length), bytesOf(text)]);

/** Bytes with their length in four bytes before them. */
const sized = (bytes: Buffer) => Buffer.concat([number(4, bytes.length), bytes]);

/** Field values: a type tag and the value. */
export const field = {
  /** Any tag before any bytes. */
  raw: (tag: string, bytes: Buffer) => Buffer.concat([Buffer.from(tag, "latin1"), bytes]),
  text: (text: Text) => field.raw("S", sized(bytesOf(text))),
  int: (value: number) => field.raw("I", number(4, value)),
  timestamp: (value: bigint) => field.raw("T", number(8, value)),
  long: (value: bigint) => field.raw("l", number(8, BigInt.asUintN(64, value))),
  bytes: (bytes: Buffer) => field.raw("x", sized(bytes)),
  nothing: () => field.raw("V", Buffer.alloc(0)),
  table: (...entries: [name: Text, value: Buffer][]) => field.raw("F", table(...entries)),
  array: (...items: Buffer[]) => field.raw("A", sized(Buffer.concat(items))),
  /** Tables in tables, so many levels deep. */
  nestedTables: (depth: number) => nested(depth, (inner) => field.table(["t", inner])),
  /** Arrays in arrays, so many levels deep. */
  nestedArrays: (depth: number) => nested(depth, (inner) => field.array(inner)),
};

function nested(depth: number, around: (inner: Buffer) => Buffer): Buffer {
  let value: Buffer = field.nothing();
  for (let level = 0; level < depth; level += 1) value = around(value);
  return value;
}

/** A table with its length, in the format of headers. */
export const table = (...entries: [name: Text, value: Buffer][]) =>
  sized(Buffer.concat(entries.flatMap(([name, value]) => [shortString(name), value])));

export interface BytesOfMessage {
  readonly exchange?: Text;
  readonly routingKey?: Text;
  readonly body?: Text;
  /** A table with its length: see {@link table}. */
  readonly headers?: Buffer;
  readonly contentType?: Text;
  readonly deliveryMode?: number;
  readonly priority?: number;
  readonly correlationId?: Text;
  readonly replyTo?: Text;
  readonly expiration?: Text;
  readonly messageId?: Text;
  readonly timestamp?: bigint;
  readonly type?: Text;
  readonly appId?: Text;
}

/** Properties in the order of the wire format, with the flag of each. */
const properties: [name: keyof BytesOfMessage, flag: number, write: (value: never) => Buffer][] = [
  ["contentType", 0x8000, shortString],
  ["headers", 0x2000, (headers: Buffer) => headers],
  ["deliveryMode", 0x1000, (value: number) => number(1, value)],
  ["priority", 0x0800, (value: number) => number(1, value)],
  ["correlationId", 0x0400, shortString],
  ["replyTo", 0x0200, shortString],
  ["expiration", 0x0100, shortString],
  ["messageId", 0x0080, shortString],
  ["timestamp", 0x0040, (value: bigint) => number(8, value)],
  ["type", 0x0020, shortString],
  ["appId", 0x0008, shortString],
];

export const frame = (type: number, channel: number, payload: Buffer) =>
  Buffer.concat([number(1, type), number(2, channel), sized(payload), number(1, 0xce)]);

export const method = (channel: number, classId: number, methodId: number, ...fields: Buffer[]) =>
  frame(1, channel, Buffer.concat([number(2, classId), number(2, methodId), ...fields]));

/** A whole message as `basic.publish` sends it: its frames, one after the other. Bodies are cut at 16,000 bytes. */
export function messageBytes(channel: number, message: BytesOfMessage): Buffer {
  const { exchange = "", routingKey = "", body = "" } = message;
  const content = bytesOf(body);
  const present = properties.filter(([name]) => message[name] !== undefined);
  const flags = present.reduce((sum, [, flag]) => sum + flag, 0);
  const header = [number(2, 60), number(2, 0), number(8, content.length), number(2, flags)];
  const frames = [
    method(channel, 60, 40, number(2, 0), shortString(exchange), shortString(routingKey), number(1, 0)),
    frame(
      2,
      channel,
      Buffer.concat([...header, ...present.map(([name, , write]) => write(message[name] as never))]),
    ),
  ];
  for (let at = 0; at < content.length; at += 16_000)
    frames.push(frame(3, channel, content.subarray(at, at + 16_000)));
  return Buffer.concat(frames);
}
