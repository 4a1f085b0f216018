import { defineConfig } from "vitest/config";

/** The journeys drive one real server and one real browser, one after the other. */
export default defineConfig({
  test: {
    include: ["test/journey/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: ["default"],
  },
});
