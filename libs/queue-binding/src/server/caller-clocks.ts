import { LRUCache } from "lru-cache";
import { between, lateness } from "../wire/caller-time.ts";
import type { Properties } from "../wire/properties.ts";

/** The least lateness of a caller's requests when they were sent, in this period and in the one before. */
interface Clock {
  since: number;
  least: number;
  before: number | undefined;
}

/** Milliseconds after which the least lateness is measured anew. What is older than three of them is forgotten. */
const period = 600_000;

/** Milliseconds by which a request may be late: two clocks that a time server corrects (500 ppm) drift apart by less. */
const slack = 1_000;

/** Callers whose clocks are known. */
const most = 10_000;

/**
 * Which requests were given up before they came. The broker counts a request's expiration from when it reads it. Where it
 * has not read for a while (a memory alarm, a line that stood still), requests come that nobody waits for any more. Their
 * callers' clocks tell: how they stand to ours is learnt from the requests that came quickest. Pure.
 */
export class CallerClocks {
  readonly #clocks = new LRUCache<string, Clock>({ max: most });

  /** @param now in milliseconds of `performance.now()` */
  hasGivenUp(properties: Properties, now: number): boolean {
    const { replyTo, expiration } = properties;
    const late = lateness(properties, now);
    if (late === undefined || replyTo === undefined || expiration === undefined) return false;
    // As late as it would be if it had been sent just now.
    const whenSent = late + Number(expiration);
    const clock = this.#clocks.get(replyTo);
    if (!clock || now - clock.since > 2 * period) {
      this.#clocks.set(replyTo, { since: now, least: whenSent, before: undefined });
      return false;
    }
    const least = clock.before === undefined ? clock.least : lesser(clock.least, clock.before);
    if (now - clock.since > period) {
      clock.before = clock.least;
      clock.least = whenSent;
      clock.since = now;
    } else clock.least = lesser(clock.least, whenSent);
    return between(late, least) > slack;
  }
}

const lesser = (one: number, other: number) => (between(one, other) < 0 ? one : other);
