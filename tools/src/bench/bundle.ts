import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "../bundle.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = `${root}/.cache/bench`;

const bench = `${root}/tools/src/bench`;

/** Programs to measure. They run as in production: bundled, without a TypeScript loader. */
const sources = {
  load: `${bench}/load.ts`,
  ourServer: `${bench}/our-server.ts`,
  rawServer: `${bench}/raw-server.ts`,
  echoServer: `${bench}/echo-server.ts`,
  httpLoad: `${bench}/http-load.ts`,
  bareFastify: `${bench}/bare-fastify.ts`,
  gateway: `${root}/apps/gateway/src/main.ts`,
  ohioServer: `${root}/apps/ohio-server/src/main.ts`,
};

export const bundlePrograms = () => bundle(sources, folder);

export const programs = Object.fromEntries(
  Object.keys(sources).map((name) => [name, `${folder}/${name}.js`]),
) as typeof sources;

const compose = readFileSync(`${root}/docker-compose.yml`, "utf8");
/** The NODE_OPTIONS of Compose's servers, and of its gateway. */
export const nodeOptions = /NODE_OPTIONS: (.*)/.exec(compose)?.[1] ?? "";
export const gatewayOptions = /^  gateway:.*?NODE_OPTIONS: (.*?)$/ms.exec(compose)?.[1] ?? "";

/** The climate of Ohio. */
export const climate = `${root}/apps/ohio-server/src/climate.json`;
