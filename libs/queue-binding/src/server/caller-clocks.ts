import { LRUCache } from "lru-cache";
import { between, lateness } from "../wire/caller-time.ts";
import type { Properties } from "../wire/properties.ts";

/** The smallest clock difference so far: from a request of this caller that came quickly. */
interface Sample {
  readonly late: number;
  /** When it came, in milliseconds of `performance.now()`. */
  readonly at: number;
}

/** Milliseconds by which two clocks can drift apart in a time. NTP corrects each clock by at most 500 ppm. */
const drift = (time: number) => time * 1e-3;

/** Milliseconds by which a request may be late. */
const slack = 50;

/** Callers that are remembered at most. */
const most = 10_000;

/**
 * Finds requests whose callers gave up before they came. The broker counts a request's expiration from the moment at which
 * it reads it. If it did not read for a while (a memory alarm, a stalled network), old requests come without having expired.
 * The header `gives-up-at` tells them apart. The difference of the two clocks is learnt from the fastest requests. No I/O.
 */
export class CallerClocks {
  readonly #samples = new LRUCache<string, Sample>({ max: most });

  /** @param now in milliseconds of `performance.now()` */
  hasGivenUp(properties: Properties, now: number): boolean {
    const { replyTo, expiration } = properties;
    const late = lateness(properties, now);
    if (late === undefined || replyTo === undefined || expiration === undefined) return false;
    // An upper bound of its lateness when it was sent, because its time on the way is unknown.
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
