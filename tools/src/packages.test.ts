import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { subset } from "semver";
import { describe, expect, it } from "vitest";

interface Package {
  license?: string;
  engines?: { node?: string };
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8")) as Package;
const { packages } = read("package-lock.json") as { packages: Record<string, Package> };

describe("the packages", () => {
  // npm prints EBADENGINE for each dependency that does not support the Node.js version it runs on.
  it("support every version of Node.js that the workspace supports", () => {
    const supported = packages[""]?.engines?.node ?? "";
    const narrower = Object.entries(packages)
      .map(([path, { engines }]) => [path, engines?.node ?? "*"] as const)
      .filter(([, node]) => !subset(supported, node))
      .map(([path, node]) => `${path} needs ${node}`);
    expect(narrower).toEqual([]);
  });

  it("bear the licence of the LICENSE file", () => {
    expect(readFileSync(join(root, "LICENSE"), "utf8")).toMatch(/^MIT License\n/);
    const own = Object.keys(packages).filter((path) => !path.includes("node_modules"));
    expect(own.length).toBeGreaterThan(10);
    for (const path of own) expect([path, read(join(path, "package.json")).license]).toEqual([path, "MIT"]);
  });
});
