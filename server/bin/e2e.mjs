/**
 * `npm run e2e`: all journeys in a real browser, those of `npm test` and the longer ones; the last line sums them up as `N passed, N failed`. Words behind it choose
 * files by their names: `npm run e2e -- instructor pages`. Pictures of every page go to client/test-results/.
 */
import { buildClient } from "./build-client.mjs";
import { runParts, vitest } from "./parts.mjs";

await buildClient();
const words = process.argv.slice(2);
await runParts([
  { title: "journeys in Chromium, the longer ones too", run: vitest("client", "--config", "test/e2e/vitest.config.ts", ...words) },
]);
