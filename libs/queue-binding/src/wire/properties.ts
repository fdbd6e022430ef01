import type { Properties } from "../server/delivery.ts";

type Headers = Readonly<Record<string, unknown>>;

/** Headers that tell of a failure, not of the request: written by this library's servers and by RabbitMQ. */
const ofTheFailure =
  /^x-(failure-|failed-at$|attempts$|tried$|original-|death$|first-death-|last-death-|delivery-count$|acquired-count$)/;

/** What a request's sender has written, ready to be written again. */
export const sentHeaders = (headers: Headers = {}) =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !ofTheFailure.test(name))
      .map(([name, value]) => [name, writable(value)]),
  );

/**
 * The properties of a request that is published again in our name. Left out: the expiration, which runs on; the user id,
 * which the broker would compare with ours; CC and BCC, with which RabbitMQ would deliver it to the sender's choice of
 * queues.
 */
export function ofRequest({ expiration, userId, headers = {}, ...others }: Properties) {
  const { CC, BCC, ...rest } = headers;
  return { ...others, headers: sentHeaders(rest) };
}

/** amqplib takes every number above 2^51 or so for a 64-bit integer, and throws if it is none. */
function writable(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : { "!": "double", value };
  if (Array.isArray(value)) return value.map(writable);
  // Buffers, and what amqplib has marked with its type, are written as they are.
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value) || "!" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, writable(inner)]));
}
