import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { bundle } from "./bundle.ts";

// Bundles the app in the current folder into dist/main.js, which needs only Node.js and the files beside it.
await bundle({ main: "src/main.ts" }, "dist");

const amqplib = dirname(createRequire(import.meta.resolve("@weather/queue-binding")).resolve("amqplib"));
cpSync(amqplib, "dist/node_modules/amqplib", {
  recursive: true,
  filter: (path) => !path.includes("/examples") && !/\.(md|d\.ts)$/.test(path),
});
