/**
 * Runs parts of the tests and sums them up: each prints what it said when it has ended, the last line is `N passed, N failed`. A part that ends badly without
 * having counted a failure counts as one.
 */
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { packageBin, root, runNode, say } from "./steps.mjs";

/** A test that hangs is found by this; how long one takes on a busy machine is not to decide about it. Configurations may say otherwise. */
const PATIENCE = ["--testTimeout=120000", "--hookTimeout=120000"];

/** What runs vitest in a workspace. */
export const vitest =
  (workspace, ...args) =>
  (options) =>
    runNode([packageBin("vitest"), "run", "--root", join(root, workspace), ...PATIENCE, ...args], options);

/**
 * Two parts at a time, then those that are `alone`. Sets the exit code.
 * @param parts `{ title, run, alone }`; `run` answers as `runNode` does. A single part's output is passed on as it comes.
 */
export async function runParts(parts) {
  const echo = parts.length === 1;
  let passed = 0;
  let failed = 0;

  const runPart = async ({ title, run }) => {
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
  };

  const together = parts.filter((part) => !part.alone);
  const lane = async () => {
    for (let part = together.shift(); part; part = together.shift()) await runPart(part);
  };
  await Promise.all([lane(), lane()]);
  for (const part of parts) if (part.alone) await runPart(part);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

/** Reads the counts off a part's own closing line: vitest's "Tests  2 failed | 40 passed (42)" or our "40 passed, 2 failed". */
function count({ code, output }) {
  const lines = [...stripVTControlCharacters(output).matchAll(/^(\d+) passed, (\d+) failed\s*$|^\s*Tests\s+(.*)$/gm)];
  const [, ours, oursFailed, summary] = lines.at(-1) ?? [];
  const passed = Number(summary ? (/(\d+) passed/.exec(summary)?.[1] ?? 0) : (ours ?? 0));
  const failed = Number(summary ? (/(\d+) failed/.exec(summary)?.[1] ?? 0) : (oursFailed ?? 0));
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}
