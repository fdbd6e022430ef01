/**
 * Header of a request: when its caller gives up, in milliseconds of a clock that does not jump, modulo 2^31. Any such clock will
 * do. If it counts from 1970, as {@link clock} does, a server can also measure how long the request waited. A server that
 * publishes a request again leaves the header out.
 */
export const givesUpAt = "gives-up-at";

/** Values wrap around, so that they fit into AMQP's signed integer of 32 bits. */
const circle = 2 ** 31;
const onCircle = (time: number) => ((time % circle) + circle) % circle;

/** Milliseconds since 1970 by the wall clock at the start of this process. It does not jump when the wall clock is set. */
export const clock = () => origin + performance.now();
const origin = performance.timeOrigin;

/** @param expiration how long the caller waits from now, in milliseconds */
export const callerTime = (expiration: number) => onCircle(Math.ceil(clock() + expiration));

/**
 * The server's time minus the time at which the caller gives up by its own clock. The two clocks may have no common zero; then
 * only the difference of two such values has a meaning: {@link between}.
 *
 * @param now of {@link clock}
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
