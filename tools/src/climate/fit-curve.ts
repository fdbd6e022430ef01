import { basis, type Curve, curveFrom, daysOfMonth } from "@weather/forecast-model/parts";
import { Regression } from "./regression.ts";

/** Number of yearly cycles of each curve. A season with a complex form needs several. */
export const cycles = { mean: 4, normals: 4, departures: 3, chance: 2, amount: 2 };

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

/** The curve nearest to 366 daily values. */
export function curveThroughDays(year: Float64Array, count: number): Curve {
  const regression = new Regression(1 + 2 * count);
  year.forEach((value, day) => regression.add(basis(day, count), value));
  return curveFrom(regression.weights());
}
