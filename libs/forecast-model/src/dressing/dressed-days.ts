import { dayNumber } from "../calendar.ts";
import type { Ensemble } from "../ensemble.ts";
import type { Marginals } from "../marginals.ts";
import type { Continuation, Posterior } from "../posterior.ts";
import type { Deviates } from "../random.ts";
import type { Dressing } from "./dressing.ts";
import type { DayBasis, PointDay } from "./point-forecast.ts";

/** Days before the first one asked for from which a point forecast still counts: its errors go on from day to day. */
export const mostBefore = 10;

/** How days follow each other: from anywhere in the climate, and from a day that is known. */
export interface Following {
  climate: Posterior;
  continuation: Continuation;
}

const climate: DayBasis = { high: "climate", low: "climate", precipitation: "climate" };

/**
 * Lets an ensemble live through days of which a point forecast tells some. Up to its last day the members live in the
 * climate, from anywhere, and are dressed each day; from there they go on from what they had on that day.
 *
 * @param first Day number of the first day that is wanted. `last` likewise.
 */
export function* dressedDays(
  { ensemble, dressing, following }: { ensemble: Ensemble; dressing: Dressing; following: Following },
  [first, last]: readonly [first: number, last: number],
  point: readonly PointDay[],
  members: number,
  marginals: Marginals,
  deviates: Deviates,
): Generator<[day: number, basis: DayBasis]> {
  const told = new Map(
    point
      .map((day) => [dayNumber(day.date), day] as const)
      .filter(([day]) => day >= first - mostBefore && day <= last),
  );
  const begin = Math.min(first, ...told.keys());
  const end = Math.max(...told.keys());
  dressing.begin();
  ensemble.start(following.climate, members);
  for (let day = begin; day <= last; day++) {
    ensemble.next(marginals, day, deviates);
    const telling = told.get(day);
    const basis = telling ? dressing.dress(ensemble, day, telling, marginals, deviates) : climate;
    if (day >= first) yield [day, basis];
    if (day === end) ensemble.goOn(following.continuation, marginals, day);
  }
}
