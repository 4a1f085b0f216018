import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Where the Millrace server listens during development. */
const SERVER = "http://127.0.0.1:7420";

export default defineConfig({
  plugins: [svelte()],
  server: { port: 7421, strictPort: true, proxy: { "/api": SERVER, "/runner": SERVER } },
  worker: { format: "es" },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // Monaco's TypeScript worker is large by nature and is loaded only by the workspace.
    chunkSizeWarningLimit: 8_000,
  },
  // Journeys need the whole product and have configurations of their own.
  test: { include: ["test/**/*.test.ts"], exclude: ["test/journey/**", "test/e2e/**"], environment: "node" },
});
