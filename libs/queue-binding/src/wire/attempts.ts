import type { Properties } from "./properties.ts";

/** How often a request may be tried before it is kept as a dead letter. */
export const maxAttempts = 3;

/** Milliseconds between the first try and the second, and between the second and the third. */
export const retryDelays = [500, 2_000] as const;

/**
 * How often the broker may deliver a message before it drops it. Servers count tries themselves, so this limit must never
 * strike first. RabbitMQ 4 would set 20; 3.10 takes no -1.
 */
export const deliveryLimit = 1_000_000;

/**
 * The same for the requests of RabbitMQ 4.3 and later, where only a delivery counts whose connection was lost. There a message
 * sent with AMQP 1.0 can be one that the broker fails to deliver: it ends each connection that it is for (docs/security.md).
 * A request of others does not reach this number: after its first loss it is in the quarantine queue.
 */
export const undeliverableLimit = 20;

/** How often the broker may deliver a request before it drops it. @param version of the broker, such as 4.3.6 */
export function requestDeliveryLimit(version = ""): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 4 || (major === 4 && minor >= 3) ? undeliverableLimit : deliveryLimit;
}

/** The most characters of an error that are told. */
const longestMessage = 2_000;

/** What is known of the tries of a request before this one. It travels in headers; a sender who forges them harms this request alone. */
export interface History {
  /** Tries that failed: the handler threw, or took too long. */
  readonly failed: number;
  /**
   * How often it was held by a server that ended or lost its connection. 1 says that it was held beside others; from 2 on
   * it was worked on each time, because a server takes one request at a time from the quarantine queue.
   */
  readonly lost: number;
}

const failedHeader = "x-tried";
const lostHeader = "x-lost";

export function historyOf({ headers }: Properties): History {
  const count = (value: unknown) =>
    Number.isInteger(value) && (value as number) > 0 ? Math.min(value as number, maxAttempts) : 0;
  return { failed: count(headers?.[failedHeader]), lost: count(headers?.[lostHeader]) };
}

export const historyHeaders = ({ failed, lost }: History) => ({
  ...(failed > 0 && { [failedHeader]: failed }),
  ...(lost > 0 && { [lostHeader]: lost }),
});

/** Which try comes next, from 1. */
export const attemptAfter = ({ failed, lost }: History) => failed + Math.max(0, lost - 1) + 1;

/** Why a request must not be tried again; nothing if it may. */
export function spent(history: History): string | undefined {
  if (history.lost >= maxAttempts)
    return `${maxAttempts} servers ended, or lost their connection, while they held it`;
  return attemptAfter(history) > maxAttempts ? "it has used up its tries" : undefined;
}

/** Try again after so many milliseconds, or keep it as a dead letter for this reason. */
export type Verdict = { readonly retryAfter: number } | { readonly deadLetter: string };

/** An error that another try would only repeat. */
export class PermanentError extends Error {
  override readonly name = "PermanentError";
}

/**
 * What becomes of a request whose try has failed.
 *
 * @param attempt which try it was, from 1
 * @param timeLeft milliseconds until its sender stops waiting: a try that would begin later is not worth its delay
 */
export function afterFailure(attempt: number, error: unknown, timeLeft = Infinity): Verdict {
  const retryAfter = retryDelays[attempt - 1];
  const givenUp = `given up after ${attempt} ${attempt === 1 ? "try" : "tries"}: ${describe(error)}`;
  if (retryAfter === undefined || error instanceof PermanentError) return { deadLetter: givenUp };
  if (retryAfter >= timeLeft) return { deadLetter: `${givenUp} (the next try would come too late)` };
  return { retryAfter };
}

/** An error in words, whatever was thrown, in at most 2,000 characters: a header of a dead letter carries it. */
export function describe(error: unknown): string {
  let text: string;
  try {
    text = String(error instanceof Error ? error.message : error);
  } catch {
    text = "something that cannot be put into words";
  }
  return text.length > longestMessage ? `${text.slice(0, longestMessage)} …` : text;
}
