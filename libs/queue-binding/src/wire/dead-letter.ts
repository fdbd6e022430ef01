import type { GetMessage, Options } from "amqplib";
import { createHash } from "node:crypto";
import { brokersDeaths, ownHeader, sentHeaders } from "./own-headers.ts";
import { missingOf, ofRequest, shortened, text, type Properties } from "./properties.ts";

/** Longest failure message of a dead letter, in bytes. */
const longestMessage = 2_000;

/** Why a request became a dead letter. */
interface Failure {
  /** One word, for machines. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
  /** How often the request was tried. */
  readonly attempts: number;
  /** The queue in which it waited. */
  readonly queue: string;
  readonly exchange: string;
  readonly routingKey: string;
  /** Milliseconds, as its sender wrote them. */
  readonly expiration: string | undefined;
}

/** Properties of the dead letter of a request. The header `x-not-copied` names what AMQP cannot carry. */
export function deadLetterProperties(request: Properties, failure: Failure): Options.Publish {
  const { headers, ...others } = ofRequest(request);
  // A dead letter holds one question of a batch, not the batch.
  const { batch, ...own } = headers;
  return {
    ...others,
    persistent: true,
    headers: {
      ...own,
      [ownHeader.reason]: failure.reason,
      [ownHeader.message]: shortened(failure.message, longestMessage),
      [ownHeader.failedAt]: new Date().toISOString(),
      [ownHeader.attempts]: failure.attempts,
      [ownHeader.queue]: failure.queue,
      [ownHeader.exchange]: failure.exchange,
      [ownHeader.routingKey]: failure.routingKey,
      ...(failure.expiration !== undefined && { [ownHeader.expiration]: failure.expiration }),
    },
  };
}

/** A request that could not be answered. */
export interface DeadLetter {
  /** A hash of the whole dead letter. Identical ones have the same id. */
  readonly id: string;
  /** When it was dead-lettered. Nothing if no header says so. */
  readonly at: Date | undefined;
  /** Queue in which it waited as a request. Empty if no header says so. */
  readonly queue: string;
  /** Routing key to which it was sent. Empty if no header says so. */
  readonly routingKey: string;
  /**
   * `failed`, `no-reply-to`, `reply-refused`, `reply-not-allowed` or `unreadable` if a server dead-lettered it;
   * `delivery_limit` or `rejected` if the broker did. Empty if no header says so.
   */
  readonly reason: string;
  /** The failure in words, for people. Empty if no header says so. */
  readonly message: string;
  /** How often it was tried. Nothing if no header says so. */
  readonly attempts: number | undefined;
  /** Its body, as it came. */
  readonly body: Buffer;
  /** Reply-to of the request. */
  readonly replyTo: string | undefined;
  /** Id that its reply would carry. */
  readonly correlationId: string | undefined;
  /** Milliseconds for which its sender wanted to wait. */
  readonly expiration: number | undefined;
}

/** Reads a message from the queue of dead letters. It never throws: any header may be missing, or forged. */
export function readDeadLetter({ content, properties, fields }: GetMessage): DeadLetter {
  const { headers = {}, replyTo, correlationId, messageId, bodySize } = properties as Properties;
  const told = toldByBroker(headers, fields.routingKey) ?? toldByServer(headers);
  const facts = [told, replyTo, correlationId, messageId, sentHeaders(headers), bodySize];
  const missing = missingOf(properties);
  const id = createHash("sha256")
    .update(content)
    .update(JSON.stringify(facts, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)))
    .digest("hex")
    .slice(0, 10);
  const letter = { id, ...told, body: content, replyTo, correlationId: correlationId ?? messageId };
  return missing === undefined
    ? letter
    : { ...letter, reason: told.reason || "unreadable", message: missing };
}

type Headers = NonNullable<Properties["headers"]>;
type Told = Omit<DeadLetter, "id" | "body" | "replyTo" | "correlationId">;

const toldByServer = (headers: Headers): Told => ({
  at: date(headers[ownHeader.failedAt]),
  queue: text(headers[ownHeader.queue]),
  routingKey: text(headers[ownHeader.routingKey]),
  reason: text(headers[ownHeader.reason]),
  message: text(headers[ownHeader.message]),
  attempts: count(headers[ownHeader.attempts]),
  expiration: count(headers[ownHeader.expiration]),
});

/**
 * Reads the broker's header `x-death` (rabbitmq.com/docs/dlx), newest entry first. A server never copies that header. So its
 * presence means that the broker dead-lettered the request, and that the other headers may be forged by the sender.
 */
function toldByBroker({ [brokersDeaths]: deaths }: Headers, routingKey: string): Told | undefined {
  const [death] = (Array.isArray(deaths) ? deaths : []) as (Record<string, unknown> | null | undefined)[];
  if (typeof death?.["queue"] !== "string" || typeof death["reason"] !== "string") return undefined;
  const { time, queue, reason, "routing-keys": keys, "original-expiration": expiration } = death;
  const seconds = (time as { value?: unknown } | null | undefined)?.value;
  return {
    at: typeof seconds === "number" ? date(seconds * 1_000) : undefined,
    queue,
    routingKey: (Array.isArray(keys) && text(keys[0])) || routingKey,
    reason,
    message: "",
    attempts: undefined,
    expiration: count(expiration),
  };
}

function date(value: unknown): Date | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** A whole number from 0; some clients write it as text. */
function count(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
}
