import { defineConfig } from "vitest/config";

// Two stories at a time: each has several processes of its own, and mostly waits for them.
export default defineConfig({
  test: {
    globalSetup: "@weather/testing/broker",
    include: ["**/*.test.ts"],
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
