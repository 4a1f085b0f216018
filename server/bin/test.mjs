/**
 * `npm test`: everything needed to trust a change, part after part. Each part says what it ran; the last line sums them up as
 * `N passed, N failed`. A part that ends badly without having counted a failure counts as one.
 */
import { buildClient } from "./build-client.mjs";
import { check } from "./check.mjs";
import { packageBin, root, runNode } from "./steps.mjs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const vitest =
  (workspace, ...args) =>
  () =>
    runNode([packageBin("vitest"), "run", "--root", join(root, workspace), ...args]);

const PARTS = [
  ["check: format, lint, types, layers", check],
  ["engine: units, recorded Flink cases, seeded simulation", vitest("engine")],
  ["grader: judge, checkers, sandbox against attacks", vitest("grader")],
  ["server: routes, queue, kill -9", vitest("server")],
  ["client: units", vitest("client")],
  [
    "problems: every submission of the pack gets its verdict",
    () => runNode([join(root, "grader/src/cli.ts"), "pack", "verify", join(root, "problems/flink-interview"), "--quick"]),
  ],
  ["browser: a learner's journey in Chromium", vitest("client", "--config", "test/journey/vitest.config.ts")],
];

const only = process.argv.slice(2);
let passed = 0;
let failed = 0;
await buildClient();
for (const [title, run] of PARTS) {
  if (only.length > 0 && !only.some((word) => title.startsWith(word))) continue;
  process.stdout.write(`\n=== ${title}\n`);
  const started = Date.now();
  const counted = count(await run());
  passed += counted.passed;
  failed += counted.failed;
  process.stdout.write(`=== ${counted.passed} passed, ${counted.failed} failed in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** Reads the counts off a part's own closing line: vitest's "Tests  2 failed | 40 passed (42)" or our "40 passed, 2 failed". */
function count(result) {
  if (result.code === undefined) return result;
  const plain = [...stripVTControlCharacters(result.output).matchAll(/^(\d+) passed, (\d+) failed\s*$|^\s*Tests\s+(.*)$/gm)].at(-1);
  const summary = plain?.[3];
  const passed = Number(summary ? (/(\d+) passed/.exec(summary)?.[1] ?? 0) : (plain?.[1] ?? 0));
  const failed = Number(summary ? (/(\d+) failed/.exec(summary)?.[1] ?? 0) : (plain?.[2] ?? 0));
  return { passed, failed: result.code !== 0 && failed === 0 ? 1 : failed };
}
