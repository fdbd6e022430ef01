import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: "@weather/testing/broker",
    testTimeout: 30_000,
    hookTimeout: 90_000,
    // Most of the time the tests wait for the broker's timers.
    maxWorkers: 3,
  },
});
