/**
 * `npm test`: everything needed to trust a change; the last line sums it up as `N passed, N failed`. The longer journeys are in `npm run e2e`.
 * `npm test -- engine grader` runs only the parts whose titles begin with these words, and passes their output on as it comes.
 */
import { join } from "node:path";
import { buildClient } from "./build-client.mjs";
import { check } from "./check.mjs";
import { runParts, vitest } from "./parts.mjs";
import { root, runNode } from "./steps.mjs";

const PACK = join(root, "problems/flink-interview");

/** Longest first, so that the two lanes end together. `alone`: watches a clock that a busy machine would disturb. */
const PARTS = [
  { title: "grader: judge, checkers, sandbox against attacks", run: vitest("grader") },
  {
    // Its files share a worker, and the engine in it, instead of loading it 150 times.
    title: "engine: units, recorded Flink cases, SQL, seeded simulation",
    run: vitest("engine", "--no-isolate"),
  },
  {
    title: "problems: every submission of the pack gets its verdict",
    run: (options) => runNode([join(root, "grader/src/cli.ts"), "pack", "verify", PACK, "--quick"], options),
  },
  // The layers are a test of the engine (test/tidy), which runs beside this unless parts are chosen.
  { title: "check: format, lint, types, layers", run: (options) => check({ ...options, layers: words.length > 0 }) },
  // In halves, so that the two lanes end together.
  ...[1, 2].map((half) => ({ title: `server: routes, queue, kill -9 (${half} of 2)`, run: vitest("server", `--shard=${half}/2`) })),
  { title: "client: units", run: vitest("client") },
  { title: "browser: journeys in Chromium", run: vitest("client", "--config", "test/journey/vitest.config.ts"), alone: true },
];

const words = process.argv.slice(2);

await buildClient();
await runParts(PARTS.filter(({ title }) => words.length === 0 || words.some((word) => title.startsWith(word))));
