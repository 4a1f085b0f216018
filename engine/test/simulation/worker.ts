/**
 * A worker process of run.ts: gets ranges of seeds, and says after each seed what came of it. So whoever waits for it knows which seed it is at
 * when nothing comes any more.
 */
import { checkWorld, type SeedResult, worldOfSeed } from "./run-seed.ts";
import { jobOfSeed, jobsNamed } from "./select-jobs.ts";
import type { SwarmJob } from "./swarm-jobs/swarm-job.ts";
import { addSeed, emptyTally } from "./tally.ts";

export interface SeedRange {
  readonly first: number;
  readonly count: number;
  /** Part of a job's name; empty = all. */
  readonly job: string;
}

process.on("message", ({ first, count, job: name }: SeedRange) => {
  const jobs = jobsNamed(name);
  for (let seed = first; seed < first + count; seed++) {
    const job = jobOfSeed(jobs, seed);
    const tally = emptyTally();
    const result = guarded(job, seed);
    if ("failed" in result) tally.failed.push(result.failed);
    else addSeed(tally, job.name, seed, result);
    process.send?.(tally);
  }
});

/** A broken invariant is a violation like any other, and the seeds behind it still count. */
function guarded(
  job: SwarmJob,
  seed: number,
): SeedResult | { readonly failed: { job: string; seed: number; violations: { checker: string; message: string }[] } } {
  try {
    return checkWorld(job, worldOfSeed(job, seed));
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { failed: { job: job.name, seed, violations: [{ checker: "invariants", message }] } };
  }
}
