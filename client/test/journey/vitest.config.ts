import { defineConfig } from "vitest/config";

/** The journeys drive one real server and one real browser, one after the other. */
export default defineConfig({
  test: {
    include: ["test/journey/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    // A page takes its time on a busy machine; what never comes is late after ten seconds as well.
    expect: { poll: { timeout: 10_000 } },
    reporters: ["default"],
  },
});
