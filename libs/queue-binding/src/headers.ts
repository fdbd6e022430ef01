/**
 * Headers as they were received, so that amqplib can write them again: it takes every number above 2^51 or so for a
 * 64-bit integer, and throws if it is none.
 */
export function writable(header: unknown): unknown {
  if (typeof header === "number") {
    return Number.isSafeInteger(header) ? header : { "!": "double", value: header };
  }
  if (Array.isArray(header)) return header.map(writable);
  // Buffers, and what amqplib has marked with its type, are written as they are.
  if (typeof header !== "object" || header === null || Buffer.isBuffer(header) || "!" in header)
    return header;
  return Object.fromEntries(Object.entries(header).map(([name, value]) => [name, writable(value)]));
}
