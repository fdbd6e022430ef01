import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { globalSetup: "@weather/testing/broker", testTimeout: 30_000, hookTimeout: 90_000 },
});
