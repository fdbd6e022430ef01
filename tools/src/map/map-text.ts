import { createRequire } from "node:module";
import { keyOf } from "@weather/contracts";
import type { Geometry, MultiPolygon, Position } from "geojson";
import polylabel from "polylabel";
import { format, resolveConfig } from "prettier";
import { feature } from "topojson-client";
import { filter, filterWeight, presimplify, simplify } from "topojson-simplify";
import type { GeometryCollection, Topology } from "topojson-specification";

const folder = "libs/rendering/src/svg";

/** Scale of our drawing, which has only whole numbers: us-atlas's is 975 units wide, ours 1,950. */
const scale = 2;
/** Least area of a corner's triangle, in square units of us-atlas's drawing. Smaller corners are left out. */
const leastCorner = 0.9;
/** Least area of an island, in the same units. Smaller islands are left out. */
const leastIsland = 4;

export type States = Topology<{ states: GeometryCollection<{ name: string }>; nation: GeometryCollection }>;

/**
 * The map of the US, a simplification of us-atlas's `states-albers-10m.json` (ISC; U.S. Census Bureau's cartographic boundary
 * files): the text of each file of it, by its path from the workspace's root.
 */
export async function mapFiles(): Promise<[file: string, text: string][]> {
  const atlas = createRequire(import.meta.url)("us-atlas/states-albers-10m.json") as States;
  const weighed = presimplify(atlas);
  const simple = simplify(filter(weighed, filterWeight(weighed, leastIsland)), leastCorner) as States;
  const states = feature(simple, simple.objects.states)
    .features.map(({ properties, geometry }) => ({
      key: keyOf(properties.name),
      polygons: polygonsOf(geometry),
    }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const text = (file: string, values: (polygons: Position[][][]) => unknown) => {
    const record = Object.fromEntries(states.map(({ key, polygons }) => [key, values(polygons)]));
    return formatted(`${folder}/${file}`, record);
  };
  return [
    await text("us-shapes.json", (polygons) => polygons.flat().map(pathOf).join("")),
    await text("us-places.json", placeOf),
  ];
}

async function formatted(file: string, content: object): Promise<[file: string, text: string]> {
  return [file, await format(JSON.stringify(content), { ...(await resolveConfig(file)), filepath: file })];
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
