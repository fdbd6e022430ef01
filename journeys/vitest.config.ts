import { defineConfig } from "vitest/config";

// Two files at a time, because each mostly waits for its processes.
export default defineConfig({
  test: {
    globalSetup: ["./bundles.ts", "@weather/testing/broker"],
    setupFiles: "./run-bundles.ts",
    include: ["**/*.test.ts"],
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
