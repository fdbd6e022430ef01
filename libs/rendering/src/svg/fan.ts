import { percentiles } from "../figures.ts";
import type { Column } from "./chart-data.ts";
import { areaBetween, dotAt, lineThrough, type Point } from "./curve.ts";
import { element } from "./element.ts";
import { strength } from "./knowledge.ts";
import { yOf, type Panel, type Percentile } from "./panel.ts";
import type { Surface } from "./surface.ts";
import type { Token } from "./tokens.ts";

/** The middle of a column, in units of the stretched drawing. */
const xOf = (at: number) => at * 100 + 50;

/** A line that is extended to both ends of the drawing. */
const toTheEnds = (points: readonly Point[], columns: number, from = 0): Point[] => {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [];
  const start = from === 0 && first.x === xOf(0) ? [{ x: 0, y: first.y }] : [];
  return [...start, ...points, ...(last.x === xOf(columns - 1) ? [{ x: columns * 100, y: last.y }] : [])];
};

/** The band of the climate, behind the fan. */
export function usualBand(panel: Panel): string {
  const { columns, of } = panel;
  const edge = (percentile: Percentile) =>
    toTheEnds(
      columns.flatMap(({ usual }, at) => {
        const value = usual?.[of][percentile];
        return value === undefined ? [] : [{ x: xOf(at), y: yOf(panel, value) }];
      }),
      columns.length,
    );
  const [upper, lower] = [edge("p90"), edge("p10")];
  if (upper.length === 0) return "";
  return (
    element("path", { class: "usual", d: areaBetween(upper, lower) }) +
    element("path", { class: "usual-edge line", d: lineThrough(upper) + lineThrough(lower) })
  );
}

/** The bands of a forecast, then the given marks, then the lines. */
export function fan(panel: Panel, hue: "warm" | "cold", between: string, surface: Surface): string {
  const { columns, of } = panel;
  const points = (percentile: Percentile) =>
    toTheEnds(
      columns.flatMap(({ day, observed }, at) => {
        const value = observed ? observed[of] : day?.[of][percentile];
        return value === undefined ? [] : [{ x: xOf(at), y: yOf(panel, value) }];
      }),
      columns.length,
      // Before the observed dot, or else the first day, there is no fan.
      1,
    );
  const [p10, p25, p50, p75, p90] = percentiles.map(points) as [Point[], Point[], Point[], Point[], Point[]];
  const quarters = columns.every(({ day }) => day === undefined || day[of].p25 !== undefined);
  const gradient = (name: "out" | "in") =>
    gradientOf(`${surface.id}-${hue}-${name}`, `${hue}-${name}`, columns, surface);
  const area = (name: "out" | "in", upper: readonly Point[], lower: readonly Point[]) =>
    element("path", { fill: `url(#${surface.id}-${hue}-${name})`, d: areaBetween(upper, lower) });
  const line = (name: string, ...d: string[]) =>
    element("path", { class: `${hue}-line ${name} line`, d: d.join("") });
  // The ends of the line get no dot.
  const dots = p50.slice(1, -1);
  return [
    element("defs", {}, gradient("out"), gradient("in")),
    area("out", p90, p10),
    quarters ? area("in", p75, p25) : "",
    between,
    quarters ? line("quarter", lineThrough(p75), lineThrough(p25)) : "",
    line("limit", lineThrough(p90), lineThrough(p10)),
    line("median", lineThrough(p50)),
    line("dots", ...dots.map(dotAt)),
  ].join("");
}

function gradientOf(id: string, token: Token, columns: readonly Column[], surface: Surface) {
  const stops = columns.map(({ knowledge }, at) =>
    element("stop", {
      offset: (at + 0.5) / columns.length,
      "stop-color": surface.colour(token),
      "stop-opacity": strength(knowledge),
    }),
  );
  const across = { gradientUnits: "userSpaceOnUse", x1: 0, x2: columns.length * 100, y1: 0, y2: 0 };
  return element("linearGradient", { id, ...across }, ...stops);
}

export function observedDot(panel: Panel): string {
  const observed = panel.columns[0]?.observed;
  if (!observed) return "";
  const d = dotAt({ x: xOf(0), y: yOf(panel, observed[panel.of]) });
  return element("path", { class: "halo line", d }) + element("path", { class: "seen line", d });
}
