import { givesUpAt } from "./caller-time.ts";
import { ownHeader, sentHeaders } from "./own-headers.ts";

/** The decoded properties that this library uses. */
export interface Properties {
  readonly correlationId?: string;
  readonly messageId?: string;
  readonly replyTo?: string;
  readonly expiration?: string;
  readonly userId?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Why some headers were not decoded and are missing, for people. */
  unreadable?: string;
  /** Size in bytes of a body that was above the limit and was not kept. */
  bodySize?: number;
}

/** Which part of a message was not read, for people. Nothing if all of it was. */
export const missingOf = ({ unreadable, bodySize }: Properties) =>
  unreadable ?? (bodySize === undefined ? undefined : `its body has ${bodySize} bytes, too many to be read`);

/**
 * Limit of the sender's headers in a request that is published again, in bytes. Together with all other properties and the
 * headers of a dead letter they take less than a frame of 16 KiB. The broker closes a connection that sends a larger frame
 * than it allows.
 */
const room = 8 * 1_024;

/** Largest expiration that RabbitMQ accepts, in milliseconds. */
export const longestExpiration = 2 ** 32 - 1;

/** Longest value of `x-not-copied`, in bytes. */
const longestNote = 1_000;

/**
 * The properties of a request that a server publishes again. It leaves out:
 * - the expiration and the caller's give-up time, because time has passed
 * - the user id, because the broker would compare it with the server's own
 * - CC and BCC, because RabbitMQ would deliver the message to more queues, which the sender chose
 * - everything that AMQP cannot carry again; the header `x-not-copied` names it
 */
export function ofRequest({ expiration, userId, headers, unreadable, bodySize, ...others }: Properties) {
  const { CC, BCC, [givesUpAt]: _, ...sent } = sentHeaders(headers);
  const missing: string[] = [];
  if (unreadable !== undefined) missing.push(`headers: ${unreadable}`);
  if (bodySize !== undefined) missing.push(`a body of ${bodySize} bytes`);
  const properties = Object.entries(others).filter(([name, value]) => {
    const fits = typeof value === "string" ? Buffer.byteLength(value) <= 255 : !Number.isNaN(value);
    const writable = fits && (name !== "timestamp" || value === undefined || Number.isSafeInteger(value));
    if (!writable) missing.push(name);
    return writable;
  });
  const own: [name: string, value: unknown][] = [];
  let left = room;
  for (const [name, value] of Object.entries(sent)) {
    try {
      const header = writable(value);
      const size = nameSize(name) + header.size;
      if (size > left) throw new RangeError("too large");
      left -= size;
      own.push([name, header.value]);
    } catch (error) {
      missing.push(`${name.slice(0, 60)} (${(error as Error).message})`);
    }
  }
  if (missing.length > 0) own.push([ownHeader.notCopied, shortened(missing.join(", "), longestNote)]);
  return { ...(Object.fromEntries(properties) as typeof others), headers: Object.fromEntries(own) };
}

/** A header's value for amqplib, and an upper bound of its bytes. @throws {RangeError} if AMQP cannot carry it */
function writable(value: unknown): { value: unknown; size: number } {
  if (typeof value === "string") return { value, size: 5 + Buffer.byteLength(value) };
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError("no number");
    // amqplib encodes every number above 2^50 as an integer.
    return { value: Number.isSafeInteger(value) ? value : { "!": "double", value }, size: 9 };
  }
  if (typeof value === "bigint") return { value: { "!": "long", value }, size: 9 };
  if (typeof value === "boolean" || value === null) return { value, size: 2 };
  if (Buffer.isBuffer(value)) return { value, size: 5 + value.length };
  if (Array.isArray(value)) {
    const items = value.map(writable);
    return { value: items.map(({ value }) => value), size: items.reduce((sum, { size }) => sum + size, 5) };
  }
  if (typeof value !== "object") throw new RangeError("of no type that AMQP knows");
  return "!" in value ? marked(value as Marked) : table(value);
}

/** A value that amqplib has marked with its type. */
interface Marked {
  readonly "!": unknown;
  readonly value: unknown;
}

/** A timestamp or a decimal. A sender's own table with the key `!` looks the same, unless its value is neither. */
function marked(value: Marked): { value: unknown; size: number } {
  const { "!": type, value: inner } = value;
  if (type === "timestamp" && isUnsigned(inner)) return { value, size: 9 };
  const { places, digits } = (inner ?? {}) as { places?: unknown; digits?: unknown };
  if (type === "decimal" && isUnsigned(places, 255) && isUnsigned(digits, 0xffff_ffff)) {
    return { value, size: 6 };
  }
  throw new RangeError("has the key !");
}

function table(value: object): { value: unknown; size: number } {
  const entries = Object.entries(value).map(([name, inner]) => [name, writable(inner)] as const);
  return {
    value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
    size: entries.reduce((sum, [name, { size }]) => sum + nameSize(name) + size, 5),
  };
}

function nameSize(name: string): number {
  const length = Buffer.byteLength(name);
  if (length > 255) throw new RangeError("its name is too long");
  return 1 + length;
}

const isUnsigned = (value: unknown, most = Number.MAX_SAFE_INTEGER) =>
  (typeof value === "bigint" && value >= 0n && value < 1n << 64n) ||
  (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most);

/** A text, cut to so many bytes. */
export function shortened(text: string, bytes: number): string {
  if (text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes) return text;
  return `${Buffer.from(text)
    .subarray(0, bytes)
    .toString()
    .replace(/\ufffd$/, "")}…`;
}

/** The value if it is text, else an empty text. */
export const text = (value: unknown) => (typeof value === "string" ? value : "");
