import { join } from "node:path";
import { logger, type Tree } from "@nx/devkit";
import { stateNames } from "@weather/contracts";
import { climateSchema } from "@weather/forecast-model";
import { exampleClimate, exampleStation } from "@weather/forecast-model/example";
import { usState } from "@weather/tools/us-states";
import { FsTree } from "nx/src/generators/tree.js";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { observerFile, withoutStations, withStations } from "./observer.ts";
import remove from "./remove.ts";
import server from "./server.ts";

const root = join(import.meta.dirname, "../../..");
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

// A tree holds the files that a generator would write. Nothing is written to the disk. Each test begins with the first two states,
// without any others.
let tree: Tree;
let begun: ReturnType<typeof changes>;
const text = (file: string) => tree.read(file, "utf8") ?? "";
const changes = () => new Map(tree.listChanges().map(({ path, content }) => [path, content?.toString()]));
const texts = () => everywhere.map((file) => [file, text(file)]);
beforeEach(async () => {
  tree = new FsTree(root, false);
  for (const state of stateNames) {
    if (state !== "ohio" && state !== "virginia") await remove(tree, { state });
  }
  begun = changes();
});

describe("the server generator", () => {
  for (const state of ["ohio", "virginia"]) {
    it(`makes ${state}'s app again, byte for byte, but for its climate`, async () => {
      await remove(tree, { state });
      expect(tree.exists(`apps/${state}-server`)).toBe(false);
      await server(tree, { state });
      // A file with the same content as on the disk is not a change.
      const own = [...changes().keys()].filter((path) => path.includes(`/${state}-server`));
      expect(own).toEqual([`apps/${state}-server/src/climate.json`]);
    });
  }

  it("puts back what belongs to the last state where it was", async () => {
    const before = texts();
    await remove(tree, { state: "virginia" });
    for (const file of everywhere)
      expect(text(file)).not.toMatch(/virginia-server|VIRGINIA|report-virginia|weather\\\\.virginia/);
    await server(tree, { state: "virginia" });
    expect(texts()).toEqual(before);
  });

  it("changes nothing the second time, and is undone completely", async () => {
    await server(tree, { state: "kentucky" });
    const once = changes();
    expect(tree.exists("apps/kentucky-server/src/main.ts")).toBe(true);
    await server(tree, { state: "kentucky" });
    expect(changes()).toEqual(once);
    await remove(tree, { state: "kentucky" });
    expect(changes()).toEqual(begun);
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
    // Kentucky's stations are borrowed themselves, so no other state borrows them.
    expect(nearest.map(({ borrowed }) => borrowed)).not.toContain("kentucky");
  });

  it("adds the stations that no other state has to the observer, until the state is removed", async () => {
    const before = text(observerFile);
    await server(tree, { state: "kentucky" });
    expect(text(observerFile)).toBe(before);
    await remove(tree, { state: "virginia" });
    expect(text(observerFile)).not.toContain("KRIC");
    const state = usState("north-carolina");
    const [own, lent] = ["KRDU", "KCMH"].map((id) => ({ ...exampleStation, id }));
    const listed = withStations(before, state, { ...exampleClimate, stations: [own!, lent!] });
    expect(listed).toContain('  "north-carolina": ["KRDU"],\n};');
    expect(withoutStations(listed, state)).toBe(before);
  });

  it("says what was made, where the climate comes from, and what to do next", async () => {
    const said = vi.spyOn(logger, "info").mockImplementation(() => {});
    (await server(tree, { state: "kentucky" }))();
    (await server(tree, { state: "kentucky" }))();
    expect(said.mock.calls.map(([text]) => text as string)).toEqual([
      expect.stringMatching(
        /apps\/kentucky-server[^]*borrowed: KCVG \(Ohio\), KLUK \(Ohio\), KDAY \(Ohio\)[^]*npx weather forecast kentucky/,
      ),
      "Kentucky has a farm already: nothing to do",
    ]);
    said.mockRestore();
  });

  it("keeps the comments of docker-compose.yml", async () => {
    const comments = (yaml: string) => yaml.match(/#.*/g);
    const before = comments(text("docker-compose.yml"));
    await server(tree, { state: "kentucky" });
    expect(comments(text("docker-compose.yml"))).toEqual(before);
  });

  for (const [what, options, message] of [
    [
      "a misspelt state",
      { state: "kentuky" },
      '"kentuky" is no US state or territory. Did you mean kentucky?',
    ],
    ["a foreign place", { state: "bavaria" }, /is no US state or territory\. (?!Did you mean)/],
    ["a place whose climate is like nobody's here", { state: "guam" }, "Guam has no climate to borrow"],
    [
      "an island in the tropics",
      { state: "puerto-rico" },
      "Give observations and normals of its own: --daily",
    ],
    ["half of the data", { state: "kentucky", daily: "." }, "takes both --daily and --normals"],
    ["no data", { state: "kentucky", daily: "/nowhere", normals: "/nowhere" }, "/nowhere"],
  ] as const) {
    it(`refuses ${what}, and changes nothing`, async () => {
      await expect(server(tree, options)).rejects.toThrow(message);
      expect(changes()).toEqual(begun);
    });
  }
});

describe("the remove generator", () => {
  it("leaves the last state", async () => {
    await remove(tree, { state: "ohio" });
    await expect(remove(tree, { state: "virginia" })).rejects.toThrow("Virginia is the last state");
  });
});
