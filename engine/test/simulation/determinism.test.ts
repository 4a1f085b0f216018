import { describe, expect, it, vi } from "vitest";
import { Fingerprint } from "../../src/base/hash.ts";
import type { JobProgram } from "../../src/graph/stream-graph.ts";
import type { RunOutcome } from "../../src/sim/outcome.ts";
import { runWorld } from "../../src/sim/run.ts";
import { CountPerSecond, drawWorld, FinalSum, ForgetfulSum, processJob, twoInputJob } from "./jobs.ts";
import { sessionJob, windowedAggregateJob } from "./window-jobs.ts";

// Hundreds of runs per test: a second on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 60_000 });

const SEEDS = Array.from({ length: 50 }, (_, index) => index + 1);

const JOBS: Readonly<Record<string, JobProgram>> = {
  "tumbling windows": windowedAggregateJob(),
  "session windows": sessionJob(),
  "timers and TTL": processJob(() => new CountPerSecond()),
  "two inputs": twoInputJob(),
};

/** What a read_committed consumer finds in the output, as a multiset. */
function committed(outcome: RunOutcome): string[] {
  const topic = outcome.topics.find(({ name }) => name === "out");
  return (topic?.records ?? [])
    .filter((record) => record.committedAtMs !== null)
    .map((record) => JSON.stringify(record.value))
    .sort();
}

/** Hash over every byte of the outcome, the recording included. */
function hashOf(outcome: RunOutcome): string {
  const fingerprint = new Fingerprint();
  fingerprint.add(JSON.stringify(outcome));
  return fingerprint.hex();
}

describe.each(Object.entries(JOBS))("%s", (_name, program) => {
  it("gives the same bytes for the same seed, with crashes, on 50 seeds", () => {
    const hashes = new Set<string>();
    let restarts = 0;
    for (const seed of SEEDS) {
      const first = runWorld(program, drawWorld(seed, true), { record: true });
      const hash = hashOf(first);
      expect(first.recording?.events.length).toBeGreaterThan(100);
      expect(hashOf(runWorld(program, drawWorld(seed, true), { record: true })), `seed ${seed}`).toBe(hash);
      expect(first.status, `seed ${seed}: ${first.failure?.message}`).toBe("finished");
      hashes.add(hash);
      restarts += first.restarts;
    }
    expect(hashes.size).toBe(SEEDS.length);
    expect(restarts).toBeGreaterThan(SEEDS.length / 2);
  });

  it("does the same with and without a recording", () => {
    for (const seed of SEEDS.slice(0, 10)) {
      const recorded = runWorld(program, drawWorld(seed, true), { record: true });
      const plain = runWorld(program, drawWorld(seed, true));
      expect({ ...recorded, recording: null }).toEqual(plain);
    }
  });

  it("commits under crashes exactly what it commits without", () => {
    for (const seed of SEEDS) {
      const quiet = runWorld(program, drawWorld(seed, false));
      const crashed = runWorld(program, drawWorld(seed, true));
      expect(quiet.restarts).toBe(0);
      expect(committed(quiet).length).toBeGreaterThan(0);
      expect(committed(crashed), `seed ${seed}`).toEqual(committed(quiet));
    }
  });
});

describe("at least once", () => {
  const program = processJob(() => new CountPerSecond(), { checkpointingMode: "AT_LEAST_ONCE" });

  it("duplicates on some seed and never loses", () => {
    let duplicates = 0;
    for (const seed of SEEDS) {
      const quiet = committed(runWorld(program, drawWorld(seed, false)));
      const crashed = committed(runWorld(program, drawWorld(seed, true)));
      const left = [...crashed];
      for (const value of quiet) {
        const index = left.indexOf(value);
        expect(index, `seed ${seed} lost ${value}`).not.toBe(-1);
        left.splice(index, 1);
      }
      duplicates += left.length;
    }
    expect(duplicates).toBeGreaterThan(0);
  });
});

describe("canary", () => {
  const differing = (program: JobProgram) =>
    SEEDS.slice(0, 20).filter((seed) => {
      const quiet = committed(runWorld(program, drawWorld(seed, false)));
      return JSON.stringify(quiet) !== JSON.stringify(committed(runWorld(program, drawWorld(seed, true))));
    });

  it("catches an operator that keeps its sum in a plain field", () => {
    expect(differing(processJob(() => new ForgetfulSum())).length).toBeGreaterThan(0);
  });

  it("has nothing against the same operator with its sum in state", () => {
    expect(differing(processJob(() => new FinalSum()))).toEqual([]);
  });
});
