import { angle, calendarDays, type Curve, daysOfMonth } from "@weather/forecast-model/parts";
import { Regression } from "./regression.ts";

/** Number of yearly cycles of each curve. A season with a complex form needs several. */
export const cycles = { mean: 4, normals: 4, departures: 3, chance: 2, amount: 2 };

/** The curve nearest to values, each of a calendar day. Missing values (NaN) are left out. */
export function curveThrough(values: Iterable<[day: number, value: number]>, count: number): Curve {
  const regression = new Regression(1 + 2 * count);
  for (const [day, value] of values) regression.add(basis(day, count), value);
  return curveFrom(regression.weights());
}

/** The curve whose means over the months come nearest to twelve given ones. */
export function curveThroughMonths(means: readonly number[], count: number): Curve {
  const regression = new Regression(1 + 2 * count);
  means.forEach((mean, month) => {
    const [from, to] = daysOfMonth(month);
    const row = new Array<number>(1 + 2 * count).fill(0);
    for (let day = from; day < to; day++) {
      basis(day, count).forEach((value, i) => (row[i] = (row[i] ?? 0) + value / (to - from)));
    }
    regression.add(row, mean, to - from);
  });
  return curveFrom(regression.weights());
}

/** Basis functions of a curve with so many cycles: 1, cos, sin, cos of the second cycle, … */
function basis(day: number, cycles: number): number[] {
  const row = [1];
  for (let k = 1; k <= cycles; k++) row.push(Math.cos(angle(day, k)), Math.sin(angle(day, k)));
  return row;
}

/** The curve with these weights of the basis functions. */
function curveFrom(weights: readonly number[]): Curve {
  const cycles: Curve["cycles"] = [];
  for (let k = 1; 2 * k < weights.length; k++) {
    const [cos, sin] = [weights[2 * k - 1] ?? 0, weights[2 * k] ?? 0];
    const turn = Math.atan2(sin, cos) / (2 * Math.PI);
    const peakDay = ((turn < 0 ? turn + 1 : turn) * calendarDays) / k + 0.5;
    cycles.push({
      amplitude: Math.hypot(cos, sin),
      peakDay: peakDay < 1 ? peakDay + calendarDays / k : peakDay,
    });
  }
  return { mean: weights[0] ?? 0, cycles };
}
