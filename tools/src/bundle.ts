import { rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/**
 * Runs a module called `….build.ts` while bundling. The bundle contains its default export as JSON. So the module may use packages
 * that a bundle does not contain, such as esbuild.
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
 * Bundles programs for Node.js. The folder then has everything but amqplib: a file for each program, and the chunks that they
 * share. The chunk of a dynamic import is read when the import runs.
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
    // Not bundled, because OpenTelemetry's instrumentation finds amqplib only as a package. Fastify reads the other two only for
    // routes with schemas. The gateway has none, and half of its bundle would be theirs.
    external: ["amqplib", "@fastify/ajv-compiler", "@fastify/fast-json-stringify-compiler"],
    // Names are not shortened, so that a stack trace is readable without a source map, which would take 100 ms at every start.
    minifySyntax: true,
    minifyWhitespace: true,
    // Some dependencies are CommonJS and require Node's own modules.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
}
