/**
 * Header of a request: when its caller gives up, in milliseconds of the caller's own clock, modulo 2^31. A message that is
 * published again in a server's name does not carry it.
 */
export const givesUpAt = "gives-up-at";

/** Values of the header stand on a circle: AMQP's signed integer of 32 bits. */
const circle = 2 ** 31;
const onCircle = (time: number) => ((time % circle) + circle) % circle;

/** @param expiration how long the caller waits from now, in milliseconds */
export const callerTime = (expiration: number) => onCircle(Math.ceil(performance.now() + expiration));

/**
 * How much later it is by a server's clock than the caller gives up by its own. Only differences between two of them mean
 * something: {@link between}.
 *
 * @returns nothing if the message does not say
 */
export function lateness(
  { headers }: { readonly headers?: Readonly<Record<string, unknown>> },
  now: number,
): number | undefined {
  const at = headers?.[givesUpAt];
  if (!Number.isInteger(at)) return undefined;
  return onCircle(Math.floor(now) - (at as number));
}

/** How much greater one is than the other, in milliseconds: at most 12 days, in either direction. */
export const between = (one: number, other: number) => onCircle(one - other + circle / 2) - circle / 2;
