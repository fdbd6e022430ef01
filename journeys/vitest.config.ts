import { defineConfig } from "vitest/config";

// One story at a time: each has several processes of its own.
export default defineConfig({
  test: {
    globalSetup: "@weather/testing/broker",
    include: ["**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
