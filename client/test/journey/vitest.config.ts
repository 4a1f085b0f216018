import { defineConfig } from "vitest/config";

/** Journeys drive real servers and one real browser. `npm test` walks those of this folder, `npm run e2e` those of `test/e2e` as well. */
export default defineConfig({
  test: {
    include: ["test/journey/**/*.test.ts"],
    globalSetup: ["test/browser/one-browser.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A journey waits more than it computes: two of them fill two processors. They share modules, as loading those takes seconds for each file.
    maxWorkers: 2,
    isolate: false,
    // A page takes its time on a busy machine; what never comes is late after ten seconds as well.
    expect: { poll: { timeout: 10_000 } },
    reporters: ["default"],
  },
});
