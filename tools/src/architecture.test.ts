import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/architecture.md"), "utf8");

/** The source text of all apps and libs. */
const sources = ["apps", "libs"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => join(root, folder, String(file))),
  )
  .filter((file) => /\/src\/.*\.ts$/.test(file) && !/node_modules|\.test\.ts$/.test(file))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

const quoted = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, name = ""]) => name))];

it("docs/architecture.md names rooms and files that are there", () => {
  const paths = quoted(/`((?:apps|libs)\/[^`]+|journeys|tools(?:\/[^`]+)?)`/g);
  expect(paths.length).toBeGreaterThan(25);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const rooms = ["apps", "libs"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((room) => `${folder}/${room}`),
  );
  // The apps of all states are like Ohio's.
  expect(rooms.filter((room) => !paths.includes(room) && !room.endsWith("-server"))).toEqual([]);
  expect(paths).toContain("libs/state-server");
});

it("docs/architecture.md quotes log lines, metrics and errors that the code has", () => {
  const lines = quoted(/"([a-z][^"]{12,})"/g);
  const metrics = quoted(/`(weather_[a-z_]+)/g);
  const outcomes = quoted(/outcome `([a-z-]+)`/g);
  const errors = quoted(/`([A-Z]\w+Error)`/g);
  for (const found of [lines, metrics, outcomes, errors]) expect(found.length).toBeGreaterThan(4);
  expect([...lines, ...metrics, ...outcomes, ...errors].filter((text) => !sources.includes(text))).toEqual(
    [],
  );
});
