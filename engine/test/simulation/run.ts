/**
 * `npm run sim -- --seeds 10000 [--first 1] [--job text]`: jobs in worlds drawn from seeds, full of faults, against the same input where nothing
 * breaks; then the canaries. `--seed n [--job name]` repeats one seed and says what its world is; `--shrink` makes that world small.
 *
 * Seeds are independent of each other, so worker processes, one per core, take them in chunks. Whatever fails prints the command that
 * repeats it; the first few are shrunk. A seed that hangs inside one step, where no limit of its world is looked at, fails by the clock on the
 * wall, and the others go on. Closes with `N passed, N failed`.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { CANARY_SEEDS, seedThatCatches } from "./run-canary.ts";
import { checkWorld, worldOfSeed } from "./run-seed.ts";
import { jobOfSeed, jobsNamed } from "./select-jobs.ts";
import { SeedWorker } from "./seed-worker.ts";
import { shrink } from "./shrink-seed.ts";
import { CANARIES } from "./swarm-jobs/all-canaries.ts";
import { addTally, emptyTally, type FailedSeed, type Tally, tallyTable } from "./tally.ts";
import type { SeedRange } from "./worker.ts";

const CHUNK = 20;
/** Shrinking takes hundreds of runs, so only the first failures are. */
const SHRUNK = 3;
/** Of the clock on the wall, for one seed. They take 15 ms, the longest some hundreds; limits of the world itself are in virtual time and in steps. */
const SEED_LIMIT_MS = 60_000;

async function main(): Promise<number> {
  const options = readOptions();
  if (options === null) return 2;
  if (options.seed !== null) return repeat(options.seed, options.job, options.shrink);
  const started = performance.now();
  const tally = await runSeeds(options.first, options.seeds, options.job);
  tally.failed.sort((a, b) => a.seed - b.seed);
  console.log(tallyTable(tally, tally.failed));
  for (const [index, failed] of tally.failed.entries()) printFailure(failed, index < SHRUNK);
  const missed = options.job === "" ? missedCanaries(options.first) : 0;
  const canaries = options.job === "" ? CANARIES.length : 0;
  console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
  const failures = tally.failed.length + missed;
  console.log(`${options.seeds + canaries - failures} passed, ${failures} failed`);
  return failures === 0 ? 0 : 1;
}

interface Options {
  readonly seeds: number;
  readonly first: number;
  readonly seed: number | null;
  readonly job: string;
  readonly shrink: boolean;
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: "string", default: "1000" },
        first: { type: "string", default: "1" },
        seed: { type: "string" },
        job: { type: "string", default: "" },
        shrink: { type: "boolean", default: false },
      },
    });
    const job = values.job;
    if (jobsNamed(job).length === 0) throw new Error(`No job is called "${job}"; there are: ${names()}.`);
    const seed = values.seed === undefined ? null : whole("--seed", values.seed);
    return { seeds: whole("--seeds", values.seeds), first: whole("--first", values.first), seed, job, shrink: values.shrink };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n`);
    console.error("npm run sim -- [--seeds 1000] [--first 1] [--job text] | --seed n [--job name] [--shrink]");
    return null;
  }
}

function names(): string {
  return jobsNamed("")
    .map(({ name }) => `"${name}"`)
    .join(", ");
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${option} needs a whole number from 1, not ${text}.`);
  return number;
}

/** All seeds, on all cores. */
async function runSeeds(first: number, seeds: number, job: string): Promise<Tally> {
  const tally = emptyTally();
  const workers = Math.max(1, Math.min(availableParallelism(), Math.ceil(seeds / CHUNK)));
  let next = first;
  let done = 0;
  const takeRange = (): SeedRange | null => {
    const count = Math.min(CHUNK, first + seeds - next);
    if (count <= 0) return null;
    const range = { first: next, count, job };
    next += count;
    return range;
  };
  const lane = async (): Promise<void> => {
    const worker = new SeedWorker(SEED_LIMIT_MS);
    try {
      for (let range = takeRange(); range !== null; range = takeRange()) {
        await worker.run(range, (seedTally) => addTally(tally, seedTally));
        done += range.count;
        progress(`${done} of ${seeds} seeds, ${tally.failed.length} failed`);
      }
    } finally {
      worker.close();
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
  progress("");
  return tally;
}

/** One line that is written over, where there is a screen. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(60)}${text === "" ? "\r" : ""}`);
}

function printFailure({ job: name, seed, violations, lostWorker }: FailedSeed, shrinks: boolean): void {
  console.log(`\nseed ${seed}, ${name}`);
  for (const { checker, message } of violations) console.log(`  ${checker}: ${message}`);
  console.log(`  repeat: npm run sim -- --seed ${seed} --job "${name}"`);
  const [job] = jobsNamed(name);
  if (!shrinks || job === undefined || lostWorker === true) return;
  const { world, runs } = shrink(job, worldOfSeed(job, seed), violations[0].checker);
  console.log(`  shrunk world (${runs} runs): ${JSON.stringify(world)}`);
}

function missedCanaries(first: number): number {
  let missed = 0;
  for (const canary of CANARIES) {
    const seed = seedThatCatches(canary, first);
    console.log(`${canary.name}: ${seed === null ? `NOT caught within ${CANARY_SEEDS} seeds` : `caught on seed ${seed}`}`);
    if (seed === null) missed++;
  }
  return missed;
}

/** One seed by itself, with everything there is to say about it. */
function repeat(seed: number, name: string, shrinks: boolean): number {
  const job = jobOfSeed(jobsNamed(name), seed);
  const world = worldOfSeed(job, seed);
  const records = world.topics.map((topic) => `${topic.name}: ${topic.arrivals.length} records in ${topic.partitions} partitions`);
  console.log(`seed ${seed}, ${job.name}\n${records.join("\n")}`);
  console.log(`cluster ${JSON.stringify(world.cluster, null, 2)}\ncosts ${JSON.stringify(world.costsUs)}`);
  for (const fault of world.faults) console.log(`fault ${JSON.stringify(fault)}`);
  const { outcome, violations } = checkWorld(job, world);
  console.log(
    `${outcome.status}, ${outcome.restarts} restarts, ${outcome.completedCheckpoints} checkpoints, struck: ${JSON.stringify(outcome.faults)}`,
  );
  for (const { checker, message } of violations) console.log(`${checker}: ${message}`);
  if (violations.length > 0 && shrinks) {
    const { world: small, runs, complete } = shrink(job, world, violations[0].checker);
    console.log(`shrunk in ${runs} runs${complete ? "" : " (there may be a smaller one)"}:\n${JSON.stringify(small, null, 2)}`);
  }
  console.log(violations.length === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
  return violations.length === 0 ? 0 : 1;
}

process.exitCode = await main();
