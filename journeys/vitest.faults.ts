import { defineConfig } from "vitest/config";

// `npm run test:faults`: each file has a part of the matrix and a broker of its own. Faults last: nothing here is quick.
export default defineConfig({
  test: {
    globalSetup: "./faults/matrix.ts",
    include: ["faults/*.faults.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
  },
});
