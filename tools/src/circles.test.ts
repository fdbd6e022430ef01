import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rooms = ["apps", "libs", "journeys", "tools"];

/** Every TypeScript file of the workspace, with the files of its own room that it imports, also for types. */
function imports(): Map<string, string[]> {
  const files = rooms
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true }).map((file) => join(room, String(file))),
    )
    .filter((file) => file.endsWith(".ts") && !/node_modules|\bdist\b/.test(file));
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"));
      const names = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
      return [file, names.map((name) => join(dirname(file), name)).filter((name) => name.endsWith(".ts"))];
    }),
  );
}

/** One path for each circle. */
function circles(graph: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(" -> ")];
    if (done.has(file)) return [];
    const found = (graph.get(file) ?? []).flatMap((next) => visit(next, [...path, file]));
    done.add(file);
    return found;
  };
  return [...graph.keys()].flatMap((file) => visit(file, []));
}

// Nx finds circular imports between rooms. This finds those within a room, in which no file can be read first.
it("no file imports itself by way of others", () => {
  const graph = imports();
  expect(graph.size).toBeGreaterThan(150);
  expect(circles(graph)).toEqual([]);
  expect(circles(new Map([["a.ts", ["b.ts"]], ["b.ts", ["a.ts"]]]))).toEqual(["a.ts -> b.ts -> a.ts"]); // prettier-ignore
});
