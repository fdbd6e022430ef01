import { dateIn, type StateName } from "@weather/contracts";

/** Milliseconds until the next day begins in a state, at most 25 hours: found by its calendar, whatever the clocks do. */
export function untilMidnight(state: StateName, now: Date): number {
  const today = dateIn(state, now);
  const isToday = (milliseconds: number) => dateIn(state, new Date(now.getTime() + milliseconds)) === today;
  let [before, after] = [0, 26 * 3_600_000];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (isToday(middle)) before = middle;
    else after = middle;
  }
  return after;
}
