import type { ConsumeMessage } from "amqplib";
import { decode } from "./body.ts";
import { missingOf, type Properties } from "./properties.ts";

// Many questions to one queue may travel in one message, and their replies in another, because the broker's work grows with
// the number of messages. The body of a batch is [[id, question], …] or [[id, reply], …]; its header `batch` is their number.
// The header `batch-limit` says that its sender understands batches, and how many parts it takes. A client sends it with its
// requests, a server with its replies to them. A server without batches refuses a batch as an invalid request.

/** The most questions in one message. */
export const mostParts = 100;
/** The most bytes of questions in one message: half of what a server reads by default. */
const mostBytes = 32_768;

/** Header of a sender that understands batches. */
export const understands = { "batch-limit": mostParts } as const;
export const understandsBatches = ({ headers }: Properties) => headers?.["batch-limit"] !== undefined;

/** One question or reply of a batch: its id, and its body as JSON. */
export interface Part {
  readonly id: string;
  readonly body: string;
}

/** One part as it was read. */
export type PartRead = readonly [id: string, value: unknown];

/** Header and body of a batch. */
export const batched = (parts: readonly Part[]) => ({
  headers: { batch: parts.length },
  body: `[${parts.map(({ id, body }) => `[${JSON.stringify(id)},${body}]`).join()}]`,
});

/**
 * Splits the parts for one queue into messages, in order. Each server gets at least one message, so that all have work.
 *
 * @param bytesAtMost limit of one message; a larger part travels alone
 */
export function split<One extends Part>(
  parts: readonly One[],
  servers: number,
  bytesAtMost = mostBytes,
): One[][] {
  const most = Math.min(mostParts, Math.ceil(parts.length / Math.max(1, servers)));
  const messages: One[][] = [];
  let bytes = Infinity;
  for (const part of parts) {
    const size = Buffer.byteLength(part.body) + part.id.length + 6;
    const last = messages.at(-1);
    if (last && last.length < most && bytes + size <= bytesAtMost) last.push(part);
    else messages.push([part]);
    bytes = messages.at(-1)?.length === 1 ? size : bytes + size;
  }
  return messages;
}

/** Whether a message has the header of a batch. */
export const isBatch = ({ headers }: Properties) => Number.isInteger(headers?.["batch"]);

/** @returns nothing if the message is not a batch, or cannot be read */
export function partsOf(
  what: "request" | "reply",
  { properties, content }: Pick<ConsumeMessage, "properties" | "content">,
  limit = Infinity,
): readonly PartRead[] | undefined {
  if (!isBatch(properties) || missingOf(properties)) return undefined;
  let parts: unknown;
  try {
    parts = decode(what, content, limit);
  } catch {
    return undefined;
  }
  return Array.isArray(parts) && parts.length <= mostParts && parts.every(isPart) ? parts : undefined;
}

/** A part has an id that a message could carry: at most 255 bytes. */
const isPart = (part: unknown): part is PartRead =>
  Array.isArray(part) &&
  part.length === 2 &&
  typeof part[0] === "string" &&
  Buffer.byteLength(part[0]) <= 255;

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
/** By byte: how the depth changes there, or 2 for a quote or a comma. Nearly all bytes of JSON are 0. */
const kinds = new Int8Array(256);
for (const character of "[{") kinds[character.charCodeAt(0)] = 1;
for (const character of "]}") kinds[character.charCodeAt(0)] = -1;
kinds[quote] = 2;
kinds[comma] = 2;

/**
 * The value of each pair in `[[id, value], …]`, as it was written. They share the memory of the pairs. A loop, not a recursion:
 * values may be deeply nested.
 */
export function valuesIn(pairs: Buffer): Buffer[] {
  const values: Buffer[] = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < pairs.length; at += 1) {
    const byte = pairs[at] as number;
    const kind = kinds[byte] as number;
    if (kind === 0) continue;
    if (byte === quote) {
      for (at += 1; pairs[at] !== quote && at < pairs.length; at += 1) if (pairs[at] === backslash) at += 1;
    } else if (byte === comma) {
      if (depth === 2) begin = at + 1;
    } else {
      if (kind === -1 && depth === 2) values.push(pairs.subarray(begin, at));
      depth += kind;
    }
  }
  return values;
}
