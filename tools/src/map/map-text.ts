import { createRequire } from "node:module";
import { keyOf } from "@weather/contracts";
import type { Geometry, MultiPolygon, Position } from "geojson";
import polylabel from "polylabel";
import { format, resolveConfig } from "prettier";
import { feature } from "topojson-client";
import { filter, filterWeight, presimplify, simplify } from "topojson-simplify";
import type { GeometryCollection, Topology } from "topojson-specification";

/** Where {@link mapText} belongs, from the workspace's root. */
export const mapFile = "libs/rendering/src/svg/us-map.ts";

/** us-atlas's drawing is 975 units wide; ours has whole numbers only and is 1,950 wide. */
const scale = 2;
/** Square units of the drawing of us-atlas: a corner whose triangle is smaller than this is left out. */
const leastCorner = 0.9;
/** Square units: an island that is smaller is left out. */
const leastIsland = 4;

export type States = Topology<{ states: GeometryCollection<{ name: string }>; nation: GeometryCollection }>;

/** The source text of the map of the US: a simplification of us-atlas's `states-albers-10m.json`. */
export async function mapText(): Promise<string> {
  const atlas = createRequire(import.meta.url)("us-atlas/states-albers-10m.json") as States;
  const weighed = presimplify(atlas);
  const simple = simplify(filter(weighed, filterWeight(weighed, leastIsland)), leastCorner) as States;
  const states = feature(simple, simple.objects.states)
    .features.map(({ properties, geometry }) => ({
      key: keyOf(properties.name),
      polygons: polygonsOf(geometry),
    }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const record = (values: (polygons: Position[][][]) => unknown) =>
    JSON.stringify(Object.fromEntries(states.map(({ key, polygons }) => [key, values(polygons)])));
  return format(
    `// Made by \`npm run map\` from us-atlas (ISC; U.S. Census Bureau's cartographic boundary files).

/** Each state and the District of Columbia: path data on a drawing of 1,950 by 1,220 units. */
export const shapes: Readonly<Record<string, string>> = ${record((polygons) => polygons.flat().map(pathOf).join(""))};

/** Where each state is on the drawing: the place farthest from its borders (for its name), left, top, width, height. */
export const places: Readonly<Record<string, readonly [x: number, y: number, ...box: number[]]>> = ${record(placeOf)};
`,
    { ...(await resolveConfig(mapFile)), filepath: mapFile },
  );
}

const polygonsOf = (geometry: Geometry): Position[][][] =>
  geometry.type === "Polygon" ? [geometry.coordinates] : (geometry as MultiPolygon).coordinates;

const whole = (ring: Position[]) =>
  ring.map(([x = 0, y = 0]) => [Math.round(x * scale), Math.round(y * scale)] as const);

/** A closed ring, with steps relative to the corner before. */
function pathOf(ring: Position[]): string {
  const [first, ...rest] = whole(ring);
  if (!first) return "";
  let last = first;
  let steps = "";
  for (const [x, y] of rest.slice(0, -1)) {
    const step = [x - last[0], y - last[1]] as const;
    if (step[0] === 0 && step[1] === 0) continue;
    // A minus is a separator, too.
    steps += `${step[0] < 0 || steps === "" ? "" : " "}${step[0]}${step[1] < 0 ? "" : " "}${step[1]}`;
    last = [x, y];
  }
  return `M${first.join(" ")}l${steps}z`;
}

function placeOf(polygons: Position[][][]): number[] {
  const middles = polygons.map((polygon) => polylabel(polygon as [number, number][][], 0.5));
  const [x = 0, y = 0] = middles.reduce((widest, other) =>
    other.distance > widest.distance ? other : widest,
  );
  const corners = polygons.flat(2);
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis] ?? 0)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, left, top, Math.max(...xs) - left, Math.max(...ys) - top].map((value) =>
    Math.round(value * scale),
  );
}
