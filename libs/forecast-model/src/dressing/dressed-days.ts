import { dayNumber } from "../calendar.ts";
import type { Ensemble } from "../ensemble.ts";
import type { Marginals } from "../marginals.ts";
import type { Continuation, Posterior } from "../posterior.ts";
import type { Deviates } from "../random.ts";
import type { Dressing } from "./dressing.ts";
import type { DayBasis, PointDay } from "./point-forecast.ts";

/** Days before the requested ones that a point forecast may begin: its errors are correlated from day to day. */
export const mostBefore = 10;

/** Distributions of the coming days: without any known day, and after a known day. */
export interface Following {
  climate: Posterior;
  continuation: Continuation;
}

const climate: DayBasis = { high: "climate", low: "climate", precipitation: "climate" };

/**
 * Simulates an ensemble through days, some of which have a point forecast. Up to its last day the members are drawn from the
 * climate and dressed each day. After it they continue from their values of that day.
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
