import { LRUCache } from "lru-cache";
import { between, lateness } from "../wire/caller-time.ts";
import type { Properties } from "../wire/properties.ts";

/** Measurements of one caller's clock. */
interface CallerClock {
  /** Smallest difference between the server's and the caller's clock so far: that of the fastest request. Modulo 2^31. */
  least: number;
  /** When that request came, in milliseconds of the server's clock. */
  at: number;
  /** Until when the clock counts as different from those of others. */
  differsUntil: number;
}

/** Result of a request's header `gives-up-at`. */
interface Timing {
  /** Whether its caller has given it up. */
  readonly givenUp: boolean;
  /** Milliseconds since it was sent, never negative. Nothing if a wrong clock is all that is known. */
  readonly wait: number | undefined;
}

/** Milliseconds by which two clocks can drift apart in this time. NTP corrects each clock by at most 500 ppm. */
const drift = (time: number) => time * 1e-3;

/** Milliseconds by which a request may be late. */
const slack = 50;

/** Smallest difference between clocks that counts as a wrong clock, in milliseconds. */
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
 * The broker counts a request's expiration from the moment at which it reads the request. If it did not read for a while (a memory
 * alarm, a stalled network), old requests come that have not expired. The header `gives-up-at` shows which ones. The offset of the
 * caller's clock is learnt from its fastest requests.
 *
 * The wait is the difference of the two clocks, corrected by at most 50 ms with the fastest request. A clock is wrong if a request
 * came before it was sent or after its expiration, or waited a second longer than a request of another caller beside it, because a
 * queue is first in, first out. With a wrong clock, the wait is the time beyond that of the fastest request.
 */
export class CallerClocks {
  readonly #clocks = new LRUCache<string, CallerClock>({ max: most });
  /** The caller of the previous request. */
  #before: CallerClock | undefined;
  /** How long the previous request was on the way, by the two clocks. */
  #taken = 0;
  /** When the previous request came. */
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
    // Both clocks may have drifted since, so a slightly greater difference may be the new smallest one.
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

  /** Largest difference between a caller's clock and others in the last minute, in milliseconds. 0 if none was noticed. */
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
