import { rounded } from "./element.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A smooth path through points, which never leaves the range between two neighbours: cubic Hermite segments with the
 * tangents of Fritsch and Carlson (SIAM J. Numer. Anal. 17, 1980), so that a curve invents no peak.
 *
 * @param points with rising x
 * @returns the path without its first `M`, which the caller writes
 */
export function curve(points: readonly Point[]): string {
  const tangents = tangentsOf(points);
  return points
    .slice(1)
    .map((to, at) => {
      const from = points[at] as Point;
      const third = (to.x - from.x) / 3;
      const control = [
        from.x + third,
        from.y + (tangents[at] ?? 0) * third,
        to.x - third,
        to.y - (tangents[at + 1] ?? 0) * third,
      ];
      return `C${[...control, to.x, to.y].map(rounded).join(" ")}`;
    })
    .join("");
}

function tangentsOf(points: readonly Point[]): number[] {
  const slopes = points.slice(1).map(({ x, y }, at) => {
    const from = points[at] as Point;
    return (y - from.y) / (x - from.x);
  });
  return points.map((_, at) => {
    const [before, after] = [slopes[at - 1], slopes[at]];
    if (before === undefined || after === undefined) return before ?? after ?? 0;
    if (before * after <= 0) return 0;
    return (
      Math.sign(before) * Math.min(Math.abs((before + after) / 2), 3 * Math.abs(before), 3 * Math.abs(after))
    );
  });
}

const from = ({ x, y }: Point) => `M${rounded(x)} ${rounded(y)}`;

/** A line through points. */
export const lineThrough = (points: readonly Point[]): string =>
  points[0] === undefined ? "" : from(points[0]) + curve(points);

/** The area between two lines over the same x. */
export function areaBetween(upper: readonly Point[], lower: readonly Point[]): string {
  const back = lower.toReversed();
  if (upper[0] === undefined || back[0] === undefined) return "";
  // The lower line is drawn backwards, along the same curve.
  return `${lineThrough(upper)}L${from(back[0]).slice(1)}${curve(back)}Z`;
}

/** A dot that stays round in a stretched drawing: a line of length 0 with round ends. */
export const dotAt = (point: Point): string => `${from(point)}h.01`;
