import { dateIn, type StateName } from "@weather/contracts";

/** For each state a time span that ends at its midnight, in milliseconds since 1970. */
const days = new Map<StateName, { readonly from: number; readonly to: number }>();

/** Milliseconds until the next day begins in a state: at most 25 hours, because of summer time. */
export function untilMidnight(state: StateName, now: Date): number {
  const at = now.getTime();
  const day = days.get(state);
  if (day && day.from <= at && at < day.to) return day.to - at;
  const left = found(state, now);
  days.set(state, { from: at, to: at + left });
  return left;
}

function found(state: StateName, now: Date): number {
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
