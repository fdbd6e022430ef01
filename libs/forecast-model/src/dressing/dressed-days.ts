import { calendarDay, dayNumber } from "../calendar.ts";
import type { Ensemble } from "../ensemble.ts";
import type { Deviates } from "../random.ts";
import type { Tables } from "../tables.ts";
import type { Dressing } from "./dressing.ts";
import type { DayBasis, PointDay } from "./point-forecast.ts";

/** Days before the first one asked for from which a point forecast still counts: its errors go on from day to day. */
const mostBefore = 10;

const climate: DayBasis = { high: "climate", low: "climate", precipitation: "climate" };

/**
 * Lets an ensemble live through days of which a point forecast tells some. Up to its last day the members live in the
 * climate, from anywhere, and are dressed each day; from there they go on from what they had on that day.
 *
 * @param first Day number of the first day that is wanted. `last` likewise.
 */
export function* dressedDays(
  { ensemble, dressing }: { ensemble: Ensemble; dressing: Dressing },
  [first, last]: readonly [first: number, last: number],
  point: readonly PointDay[],
  members: number,
  tables: Tables,
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
  ensemble.startAnywhere(calendarDay(begin - 1), tables, members, deviates);
  for (let day = begin; day <= last; day++) {
    const at = calendarDay(day);
    ensemble.next(at, tables, deviates);
    const telling = told.get(day);
    const basis = telling ? dressing.dress(ensemble, at, telling, tables, deviates) : climate;
    if (day >= first) yield [day, basis];
    if (day === end) ensemble.startFromPresent(at, tables, deviates);
  }
}
