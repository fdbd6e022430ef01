import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "../bundle.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = `${root}/.cache/bench`;

/** Programs are measured as they run in production: bundled, without a TypeScript loader. */
export const programs = {
  load: `${folder}/load.js`,
  ourServer: `${folder}/our-server.js`,
  rawServer: `${folder}/raw-server.js`,
  echoServer: `${folder}/echo-server.js`,
  ohioServer: `${folder}/ohio-server.js`,
  gateway: `${folder}/gateway.js`,
  httpLoad: `${folder}/http-load.js`,
  bareFastify: `${folder}/bare-fastify.js`,
};

const compose = readFileSync(`${root}/docker-compose.yml`, "utf8");
/** The NODE_OPTIONS of Compose's servers, and of its gateway. */
export const nodeOptions = /NODE_OPTIONS: (.*)/.exec(compose)?.[1] ?? "";
export const gatewayOptions = /^  gateway:.*?NODE_OPTIONS: (.*?)$/ms.exec(compose)?.[1] ?? "";

/** The climate of Ohio. */
export const climate = `${root}/apps/ohio-server/src/climate.json`;

export const bundlePrograms = () =>
  bundle(
    {
      load: `${root}/tools/src/bench/load.ts`,
      "our-server": `${root}/tools/src/bench/our-server.ts`,
      "raw-server": `${root}/tools/src/bench/raw-server.ts`,
      "echo-server": `${root}/tools/src/bench/echo-server.ts`,
      "http-load": `${root}/tools/src/bench/http-load.ts`,
      "bare-fastify": `${root}/tools/src/bench/bare-fastify.ts`,
      gateway: `${root}/apps/gateway/src/main.ts`,
      "ohio-server": `${root}/apps/ohio-server/src/main.ts`,
    },
    folder,
  );
