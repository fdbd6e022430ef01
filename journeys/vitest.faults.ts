import { defineConfig } from "vitest/config";

// `npm run test:faults`: each file is a part of the matrix. Faults take time, so the timeouts are long.
export default defineConfig({
  test: {
    globalSetup: ["./bundles.ts", "./faults/matrix.ts"],
    setupFiles: "./run-bundles.ts",
    include: ["faults/*.faults.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
  },
});
