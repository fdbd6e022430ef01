import { LRUCache } from "lru-cache";
import { between, lateness } from "../wire/caller-time.ts";
import type { Properties } from "../wire/properties.ts";

/** What is known of one caller's clock. */
interface CallerClock {
  /** Least time of a request on its way, by the two clocks: the one that came quickest. On the circle. */
  least: number;
  /** When that one came, in milliseconds of the server's clock. */
  at: number;
  /** Until when the clock counts as different from those of others. */
  differsUntil: number;
}

/** What the time of a request tells. */
export interface Timing {
  /** Whether its caller has given it up. */
  readonly givenUp: boolean;
  /** Milliseconds since it was sent, never negative. Nothing if a wrong clock is all that is known. */
  readonly wait: number | undefined;
}

/** Milliseconds by which two clocks can drift apart in a time. NTP corrects each clock by at most 500 ppm. */
const drift = (time: number) => time * 1e-3;

/** Milliseconds by which a request may be late. */
const slack = 50;

/** Milliseconds by which a clock must be wrong before that is said. */
const noticeable = 1_000;

/** Milliseconds between two requests that waited side by side in one queue. */
const together = 100;

/** How long a difference is remembered, in milliseconds. */
const memory = 60_000;

/** Callers that are remembered at most. */
const most = 10_000;

/**
 * Finds requests whose callers gave up before they came, and measures how long requests waited. No I/O.
 *
 * The broker counts a request's expiration from the moment at which it reads it. If it did not read for a while (a memory alarm,
 * a stalled network), old requests come without having expired. The header `gives-up-at` tells them apart. The difference of
 * the two clocks is learnt from the fastest requests.
 *
 * The wait is the difference of the two clocks, less what the fastest request tells of their error, at most 50 ms. A clock is
 * known to be wrong if a request came before it was sent, or after its expiration, or waited a second longer than the request of
 * another caller beside it: a queue is first in, first out. Then the wait is what the request took beyond the fastest one.
 */
export class CallerClocks {
  readonly #clocks = new LRUCache<string, CallerClock>({ max: most });
  /** The request before, and its time on the way. */
  #before: CallerClock | undefined;
  #taken = 0;
  #came = 0;
  #difference = 0;
  #noticed = -Infinity;

  /** @param now in milliseconds of `clock` @returns nothing if the request does not tell its time */
  read(properties: Properties, now: number): Timing | undefined {
    const { replyTo, expiration } = properties;
    const late = lateness(properties, now);
    if (late === undefined || replyTo === undefined || expiration === undefined) return undefined;
    const limit = Number(expiration);
    const taken = between(late + limit, 0);
    const known = this.#clocks.get(replyTo);
    const caller = known ?? this.#meet(replyTo, taken, now);
    const uncertain = drift(now - caller.at);
    // Both clocks may have drifted since: a little more than before may be the new least.
    if (between(taken, caller.least) <= uncertain) {
      caller.least = taken;
      caller.at = now;
    }
    const givenUp = between(taken, caller.least) > limit + uncertain + slack;
    if (!givenUp) this.#compare(caller, taken, limit, now);
    const differs = now < caller.differsUntil;
    if (differs && !known) return { givenUp, wait: undefined };
    return { givenUp, wait: Math.max(0, taken - (differs ? caller.least : Math.min(caller.least, slack))) };
  }

  /** Milliseconds by which callers' clocks differ from others, at most, in the last minute. 0 if it was not noticed. */
  difference(now: number): number {
    return now - this.#noticed < memory ? this.#difference : 0;
  }

  #meet(replyTo: string, least: number, now: number): CallerClock {
    const clock = { least, at: now, differsUntil: -Infinity };
    this.#clocks.set(replyTo, clock);
    return clock;
  }

  #compare(caller: CallerClock, taken: number, limit: number, now: number): void {
    const before = this.#before;
    const { least } = caller;
    if (least < -noticeable || least > limit + noticeable) this.#notice(caller, Math.abs(least), now);
    else if (before && before !== caller && now - this.#came < together && now >= before.differsUntil) {
      const apart = Math.abs(taken - this.#taken);
      if (apart > noticeable) this.#notice(taken > this.#taken ? caller : before, apart, now);
    }
    this.#before = caller;
    this.#taken = taken;
    this.#came = now;
  }

  #notice(caller: CallerClock, difference: number, now: number): void {
    this.#difference = Math.max(this.difference(now), difference);
    this.#noticed = now;
    caller.differsUntil = now + memory;
  }
}
