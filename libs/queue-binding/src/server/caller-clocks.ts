import { LRUCache } from "lru-cache";
import { between, lateness } from "../wire/caller-time.ts";
import type { Properties } from "../wire/properties.ts";

/** How late a request of this caller was when it was sent, by its clock and ours: one that came quickly. */
interface Sample {
  readonly late: number;
  /** When it came, in milliseconds of `performance.now()`. */
  readonly at: number;
}

/** Milliseconds by which two clocks drift apart in this time: a time server corrects each by at most 500 ppm. */
const drift = (time: number) => time * 1e-3;

/** Milliseconds by which a request may be late. */
const slack = 50;

/** Callers whose clocks are known. */
const most = 10_000;

/**
 * Which requests were given up before they came. The broker counts a request's expiration from when it reads it. Where it
 * has not read for a while (a memory alarm, a line that stood still), requests come that nobody waits for any more. Their
 * callers' clocks tell: how they stand to ours is learnt from the requests that came quickest. Pure.
 */
export class CallerClocks {
  readonly #samples = new LRUCache<string, Sample>({ max: most });

  /** @param now in milliseconds of `performance.now()` */
  hasGivenUp(properties: Properties, now: number): boolean {
    const { replyTo, expiration } = properties;
    const late = lateness(properties, now);
    if (late === undefined || replyTo === undefined || expiration === undefined) return false;
    // It has been under way for a time that nobody knows: as late as this, or less, it was when it was sent.
    const whenSent = { late: late + Number(expiration), at: now };
    const sample = this.#samples.get(replyTo);
    if (!sample) {
      this.#samples.set(replyTo, whenSent);
      return false;
    }
    const uncertain = drift(now - sample.at);
    if (between(whenSent.late, sample.late) <= uncertain) this.#samples.set(replyTo, whenSent);
    return between(late, sample.late) > uncertain + slack;
  }
}
