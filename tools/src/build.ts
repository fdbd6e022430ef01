import { rmSync } from "node:fs";
import { build } from "esbuild";

// Bundles the app in the current folder into dist/main.js, which needs nothing but Node.js and its chunks beside it:
// what is imported later (the client of the National Weather Service) is in one of its own, and read when it is wanted.
rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/main.ts"],
  outdir: "dist",
  splitting: true,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // Names are kept, so that a stack trace can be read without a source map: to load one costs 100 ms at every start.
  minifySyntax: true,
  minifyWhitespace: true,
  // Some dependencies are CommonJS and require Node's own modules.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
});
