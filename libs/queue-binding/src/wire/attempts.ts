import { describe } from "../errors.ts";
import { ownHeader } from "./own-headers.ts";
import type { Properties } from "./properties.ts";

/** How often a request is tried before it becomes a dead letter. */
export const maxAttempts = 3;

/** Milliseconds between the first try and the second, and between the second and the third. */
export const retryDelays = [500, 2_000] as const;

/**
 * `x-delivery-limit`: deliveries after which the broker drops a message. Servers count tries themselves, so this limit must
 * never be reached first. RabbitMQ 4 would set 20; 3.10 does not accept -1.
 */
export const deliveryLimit = 1_000_000;

/**
 * The same limit for request queues from RabbitMQ 4.3 on. That version counts a delivery only if its connection was lost.
 * It fails to deliver some messages that were sent with AMQP 1.0, and each delivery ends the consumer's connection
 * (docs/security.md). Other requests do not reach this limit: after its first loss, a request is in the quarantine queue.
 */
const undeliverableLimit = 20;

/** How often the broker may deliver a request before it drops it. @param version of the broker, such as 4.3.6 */
export function requestDeliveryLimit(version = ""): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 4 || (major === 4 && minor >= 3) ? undeliverableLimit : deliveryLimit;
}

/** The earlier tries of a request. They travel in headers. A sender who forges them harms only this request. */
export interface History {
  /** Tries that failed: the handler threw, or took too long. */
  readonly failed: number;
  /**
   * How often a server ended or lost its connection while it held this request. The first time, the server may have held
   * others too. Later times, it worked on this one: a server takes one request at a time from the quarantine queue.
   */
  readonly lost: number;
}

export function historyOf({ headers }: Properties): History {
  const count = (value: unknown) =>
    Number.isInteger(value) && (value as number) > 0 ? Math.min(value as number, maxAttempts) : 0;
  return { failed: count(headers?.[ownHeader.tried]), lost: count(headers?.[ownHeader.lost]) };
}

export const historyHeaders = ({ failed, lost }: History) => ({
  ...(failed > 0 && { [ownHeader.tried]: failed }),
  ...(lost > 0 && { [ownHeader.lost]: lost }),
});

/** Which try comes next, from 1. */
export const attemptAfter = ({ failed, lost }: History) => failed + Math.max(0, lost - 1) + 1;

/** Why a request must not be tried again. Nothing if it may. */
export function spent(history: History): string | undefined {
  if (history.lost >= maxAttempts)
    return `${maxAttempts} servers ended, or lost their connection, while they held it`;
  return attemptAfter(history) > maxAttempts ? "it has used up its tries" : undefined;
}

/** Try again after so many milliseconds, or dead-letter the request for this reason. */
type Verdict = { readonly retryAfter: number } | { readonly deadLetter: string };

/** An error that another try would only repeat. */
export class PermanentError extends Error {
  override readonly name = "PermanentError";
}

/**
 * Decides what to do with a request whose try has failed.
 *
 * @param attempt which try it was, from 1
 * @param timeLeft milliseconds until its sender stops waiting; no try begins after that
 */
export function afterFailure(attempt: number, error: unknown, timeLeft = Infinity): Verdict {
  const retryAfter = retryDelays[attempt - 1];
  const givenUp = `given up after ${attempt} ${attempt === 1 ? "try" : "tries"}: ${describe(error)}`;
  if (retryAfter === undefined || error instanceof PermanentError) return { deadLetter: givenUp };
  if (retryAfter >= timeLeft) return { deadLetter: `${givenUp} (the next try would come too late)` };
  return { retryAfter };
}
