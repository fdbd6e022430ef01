import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
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
  // Not bundled: OpenTelemetry's instrumentation finds it only as the package that it is.
  external: ["amqplib"],
  // Names are kept, so that a stack trace can be read without a source map: to load one costs 100 ms at every start.
  minifySyntax: true,
  minifyWhitespace: true,
  // Some dependencies are CommonJS and require Node's own modules.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
});

const amqplib = dirname(createRequire(import.meta.resolve("@weather/queue-binding")).resolve("amqplib"));
cpSync(amqplib, "dist/node_modules/amqplib", {
  recursive: true,
  filter: (path) => !path.includes("/examples") && !/\.(md|d\.ts)$/.test(path),
});
