/**
 * `npm test`: everything needed to trust a change. Two parts run at a time, each prints what it said when it has ended; the last line
 * sums them up as `N passed, N failed`. A part that ends badly without having counted a failure counts as one.
 * `npm test -- engine grader` runs only the parts whose titles begin with these words, and passes their output on as it comes.
 */
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { buildClient } from "./build-client.mjs";
import { check } from "./check.mjs";
import { packageBin, root, runNode, say } from "./steps.mjs";

/** A test that hangs is found by this; how long one takes on a busy machine is not to decide about it. Configurations may say otherwise. */
const PATIENCE = ["--testTimeout=120000", "--hookTimeout=120000"];

const vitest =
  (workspace, ...args) =>
  (options) =>
    runNode([packageBin("vitest"), "run", "--root", join(root, workspace), ...PATIENCE, ...args], options);

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
  { title: "check: format, lint, types, layers", run: check },
  { title: "server: routes, queue, kill -9", run: vitest("server") },
  { title: "client: units", run: vitest("client") },
  { title: "browser: journeys in Chromium", run: vitest("client", "--config", "test/journey/vitest.config.ts"), alone: true },
];

const words = process.argv.slice(2);
const wanted = PARTS.filter(({ title }) => words.length === 0 || words.some((word) => title.startsWith(word)));
const echo = wanted.length === 1;
let passed = 0;
let failed = 0;

await buildClient();
const together = wanted.filter((part) => !part.alone);
const lane = async () => {
  for (let part = together.shift(); part; part = together.shift()) await runPart(part);
};
await Promise.all([lane(), lane()]);
for (const part of wanted) if (part.alone) await runPart(part);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

async function runPart({ title, run }) {
  say(`running ${title} …`);
  const started = Date.now();
  const result = await run({ echo });
  const counted = count(result);
  passed += counted.passed;
  failed += counted.failed;
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  // A part that passed has nothing to tell but its numbers.
  const report = echo || counted.failed === 0 ? "" : result.output;
  process.stdout.write(`${report}=== ${title}: ${counted.passed} passed, ${counted.failed} failed in ${seconds} s\n`);
}

/** Reads the counts off a part's own closing line: vitest's "Tests  2 failed | 40 passed (42)" or our "40 passed, 2 failed". */
function count({ code, output }) {
  const lines = [...stripVTControlCharacters(output).matchAll(/^(\d+) passed, (\d+) failed\s*$|^\s*Tests\s+(.*)$/gm)];
  const [, ours, oursFailed, summary] = lines.at(-1) ?? [];
  const passed = Number(summary ? (/(\d+) passed/.exec(summary)?.[1] ?? 0) : (ours ?? 0));
  const failed = Number(summary ? (/(\d+) failed/.exec(summary)?.[1] ?? 0) : (oursFailed ?? 0));
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}
