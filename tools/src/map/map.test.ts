import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { usStates } from "@weather/contracts";
import { onMap, places, usShapes } from "@weather/rendering";
import { mesh } from "topojson-client";
import { expect, test } from "vitest";
import { mapFiles, type States } from "./map-text.ts";

const root = join(import.meta.dirname, "../../..");

test("the map is what `npm run map` makes of us-atlas", async () => {
  for (const [file, text] of await mapFiles()) expect(readFileSync(join(root, file), "utf8")).toBe(text);
});

test("it has the states and the District of Columbia, in 15 kB", () => {
  const territories = ["AS", "GU", "MP", "PR", "VI"];
  const expected = usStates.filter(({ code }) => !territories.includes(code)).map(({ key }) => key);
  expect(Object.keys(places)).toEqual(expected.sort());
  const file = usShapes();
  for (const key of expected) expect(file).toContain(`id="${key}" d="M`);
  expect(gzipSync(file).length).toBeLessThan(15_000);
});

test("a place is drawn where us-atlas draws it", () => {
  const corners = (file: string, state: string) => {
    const atlas = createRequire(import.meta.url)(`us-atlas/${file}.json`) as States;
    const shape = atlas.objects.states.geometries.find(
      ({ properties }) => (properties as { name?: string }).name === state,
    );
    return mesh(atlas, shape).coordinates.flat() as [number, number][];
  };
  const north = (points: [number, number][]) =>
    points.reduce((best, point) => (point[1] < best[1] ? point : best));
  for (const state of ["Ohio", "Virginia", "Washington", "Florida", "Hawaii"]) {
    const ours = corners("states-10m", state).map(([longitude, latitude]) => onMap({ latitude, longitude }));
    const [x, y] = north(corners("states-albers-10m", state));
    expect(Math.hypot(north(ours)[0] - 2 * x, north(ours)[1] - 2 * y), state).toBeLessThan(2);
  }
});
