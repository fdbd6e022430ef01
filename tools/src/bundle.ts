import { rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/**
 * A module called `….build.ts` runs now: the bundle holds its default export as JSON. So it may use what a bundle has not,
 * such as esbuild itself.
 */
const runNow: Plugin = {
  name: "run now",
  setup(build) {
    build.onLoad({ filter: /\.build\.ts$/ }, async ({ path }) => {
      const made = (await import(pathToFileURL(path).href)) as { default: unknown };
      return { contents: JSON.stringify(made.default), loader: "json" };
    });
  },
};

/**
 * Bundles programs for Node.js. Their folder then has everything but amqplib: a file for each program, and the chunks that they
 * share. A dynamic import is read when it runs.
 *
 * @param programs the TypeScript file of each, by its name
 */
export async function bundle(programs: Record<string, string>, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: programs,
    outdir: folder,
    splitting: true,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    plugins: [runNow],
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
}
