import { describe, expect, it, vi } from "vitest";
import { type RunOutcome, runWorld } from "../../src/sim.ts";
import { ALIGNMENTS, backpressuredWorld, JOBS, jobOf } from "./backpressured-jobs.ts";

// Hundreds of runs per test: seconds on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

/** What a read_committed consumer finds, as a multiset. */
function committed(outcome: RunOutcome): string[] {
  if (outcome.status !== "finished") throw new Error(`ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  const rows = outcome.topics.find(({ name }) => name === "out")?.records ?? [];
  return rows
    .filter(({ committedAtMs }) => committedAtMs !== null)
    .map(({ value }) => JSON.stringify(value))
    .sort();
}

describe.each(JOBS)("%s", (job) => {
  it.each(Object.entries(ALIGNMENTS))("CKP: commits under crashes and backpressure what it commits without: %s", (_name, settings) => {
    let restarts = 0;
    for (const seed of SEEDS) {
      const quiet = committed(runWorld(jobOf(job, {}), backpressuredWorld(seed, false)));
      expect(quiet.length).toBeGreaterThan(0);
      const program = jobOf(job, settings);
      expect(committed(runWorld(program, backpressuredWorld(seed, false))), `seed ${seed}, nothing breaks`).toEqual(quiet);
      const crashed = runWorld(program, backpressuredWorld(seed, true));
      expect(committed(crashed), `seed ${seed}`).toEqual(quiet);
      restarts += crashed.restarts;
    }
    expect(restarts).toBeGreaterThan(SEEDS.length / 2);
  });
});
