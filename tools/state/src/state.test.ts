import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "@nx/devkit";
import { climateSchema } from "@weather/forecast-model";
import { FsTree } from "nx/src/generators/tree.js";
import { beforeEach, describe, expect, it } from "vitest";
import remove from "./remove.ts";
import server from "./server.ts";

const root = join(import.meta.dirname, "../../..");
const onDisk = (file: string) => readFileSync(join(root, file), "utf8");
const everywhere = [
  "libs/contracts/src/states.ts",
  "docker-compose.yml",
  "docker-compose.cluster.yml",
  "docker-compose.swarm.yml",
  "deploy/kubernetes/kustomization.yaml",
  ".env.example",
  "libs/contracts/asyncapi.yaml",
  "deploy/rabbitmq/definitions.json",
  "package-lock.json",
];

// A tree holds what a generator would write; nothing of it reaches the disk here.
let tree: Tree;
const text = (file: string) => tree.read(file, "utf8") ?? "";
beforeEach(() => {
  tree = new FsTree(root, false);
});

describe("the server generator", () => {
  for (const state of ["ohio", "virginia"]) {
    it(`makes ${state}'s app again, byte for byte, but for its climate`, async () => {
      await remove(tree, { state });
      await server(tree, { state });
      for (const file of ["package.json", "tsconfig.json", "src/main.ts"]) {
        expect(text(`apps/${state}-server/${file}`)).toBe(onDisk(`apps/${state}-server/${file}`));
      }
      const manifest = `deploy/kubernetes/${state}-server.yaml`;
      expect(text(manifest)).toBe(onDisk(manifest));
    });
  }

  it("puts back what belongs to the last state where it was", async () => {
    await remove(tree, { state: "virginia" });
    for (const file of everywhere)
      expect(text(file)).not.toMatch(/virginia-server|VIRGINIA|weather\\\\.virginia/);
    await server(tree, { state: "virginia" });
    for (const file of everywhere) expect(text(file)).toBe(onDisk(file));
  });

  it("changes nothing the second time, and is undone completely", async () => {
    await server(tree, { state: "kentucky" });
    const once = tree.listChanges().map(({ path, content }) => [path, content?.toString()]);
    expect(once.length).toBeGreaterThan(7);
    await server(tree, { state: "kentucky" });
    expect(tree.listChanges().map(({ path, content }) => [path, content?.toString()])).toEqual(once);
    await remove(tree, { state: "kentucky" });
    expect(tree.exists("apps/kentucky-server")).toBe(false);
    for (const file of everywhere) expect(text(file)).toBe(onDisk(file));
  });

  for (const name of ["north-carolina", "North Carolina", "NC", "north_carolina"]) {
    it(`understands ${name}`, async () => {
      await server(tree, { state: name });
      expect(text("apps/north-carolina-server/src/main.ts")).toContain("// North Carolina answers");
      expect(text("libs/contracts/src/states.ts")).toContain('"north-carolina": { name: "North Carolina",');
      expect(text("docker-compose.yml")).toContain("${NORTH_CAROLINA_SERVER_PASSWORD:-");
    });
  }

  it("borrows the climate of the nearest stations, and says so", async () => {
    await server(tree, { state: "kentucky" });
    const { stations } = climateSchema.parse(JSON.parse(text("apps/kentucky-server/src/climate.json")));
    expect(stations.map(({ id, borrowed }) => [id, borrowed])).toEqual([
      ["KCVG", "ohio"],
      ["KLUK", "ohio"],
      ["KDAY", "ohio"],
    ]);
    await server(tree, { state: "west-virginia" });
    const { stations: nearest } = climateSchema.parse(
      JSON.parse(text("apps/west-virginia-server/src/climate.json")),
    );
    // Kentucky's are borrowed themselves: nobody borrows from them.
    expect(nearest.map(({ borrowed }) => borrowed)).not.toContain("kentucky");
  });

  it("keeps the comments of docker-compose.yml", async () => {
    await server(tree, { state: "kentucky" });
    const comments = (yaml: string) => yaml.match(/#.*/g);
    expect(comments(text("docker-compose.yml"))).toEqual(comments(onDisk("docker-compose.yml")));
  });

  for (const [what, options, message] of [
    [
      "a misspelt state",
      { state: "kentuky" },
      '"kentuky" is no US state or territory. Did you mean kentucky?',
    ],
    ["a foreign place", { state: "bavaria" }, "is no US state or territory"],
    ["half of the data", { state: "kentucky", daily: "." }, "takes both --daily and --normals"],
    ["no data", { state: "kentucky", daily: "/nowhere", normals: "/nowhere" }, "/nowhere"],
  ] as const) {
    it(`refuses ${what}, and changes nothing`, async () => {
      await expect(server(tree, options)).rejects.toThrow(message);
      expect(tree.listChanges()).toEqual([]);
    });
  }
});

describe("the remove generator", () => {
  it("leaves the last state", async () => {
    await remove(tree, { state: "ohio" });
    await expect(remove(tree, { state: "virginia" })).rejects.toThrow("Virginia is the last state");
  });
});
