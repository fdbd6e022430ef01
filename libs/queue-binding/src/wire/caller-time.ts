/**
 * Header of a request: when its caller gives up, in milliseconds of the caller's own clock, modulo 2^31. A server that
 * publishes a request again leaves it out.
 */
export const givesUpAt = "gives-up-at";

/** Values wrap around, so that they fit into AMQP's signed integer of 32 bits. */
const circle = 2 ** 31;
const onCircle = (time: number) => ((time % circle) + circle) % circle;

/** @param expiration how long the caller waits from now, in milliseconds */
export const callerTime = (expiration: number) => onCircle(Math.ceil(performance.now() + expiration));

/**
 * The server's time minus the time at which the caller gives up by its own clock. The two clocks have no common zero, so
 * only the difference of two such values has a meaning: {@link between}.
 *
 * @returns nothing if the message has no such header
 */
export function lateness(
  { headers }: { readonly headers?: Readonly<Record<string, unknown>> },
  now: number,
): number | undefined {
  const at = headers?.[givesUpAt];
  if (!Number.isInteger(at)) return undefined;
  return onCircle(Math.floor(now) - (at as number));
}

/** One value minus the other, in milliseconds: at most 12 days in either direction. */
export const between = (one: number, other: number) => onCircle(one - other + circle / 2) - circle / 2;
