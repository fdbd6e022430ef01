import { defineConfig } from "vitest/config";

// tools/state has tests of its own.
export default defineConfig({ test: { dir: "src", testTimeout: 60_000 } });
