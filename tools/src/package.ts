import { cpSync, readFileSync, writeFileSync } from "node:fs";

// Makes dist/ of the lib in the current folder a package that npm can pack: its package.json names the built files.
// The workspace itself runs the lib from its source.
interface Package {
  exports: unknown;
  scripts?: unknown;
  nx?: unknown;
  devDependencies?: unknown;
}

const { scripts, nx, devDependencies, ...own } = JSON.parse(readFileSync("package.json", "utf8")) as Package;
const built = {
  ...own,
  exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./package.json": "./package.json" },
};
writeFileSync("dist/package.json", `${JSON.stringify(built, undefined, 2)}\n`);
cpSync("README.md", "dist/README.md");
cpSync("../../LICENSE", "dist/LICENSE");
