import { defineConfig } from "vitest/config";

// Two files at a time, because each mostly waits for its processes.
export default defineConfig({
  test: {
    globalSetup: "@weather/testing/broker",
    include: ["**/*.test.ts"],
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
