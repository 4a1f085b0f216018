/** What `npm run sim` does for ten thousand seeds, for the first few hundred; and that it would notice. */
import { describe, expect, it, vi } from "vitest";
import { drawWorld, quietWorld, type World } from "../../src/sim.ts";
import { seedThatCatches } from "./run-canary.ts";
import { checkWorld, worldOfSeed } from "./run-seed.ts";
import { jobOfSeed, jobsNamed } from "./select-jobs.ts";
import { SWARM_JOBS } from "./swarm-jobs/all.ts";
import { CANARIES } from "./swarm-jobs/all-canaries.ts";
import { ONE_INPUT } from "./swarm-jobs/swarm-job.ts";

// Hundreds of runs: seconds on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 120_000 });

const SEEDS = Array.from({ length: 250 }, (_, index) => index + 1);

describe("the swarm", () => {
  it("SIM-6: every job keeps its promises in worlds full of faults", () => {
    let restarts = 0;
    const struck = new Set<string>();
    for (const seed of SEEDS) {
      const job = jobOfSeed(SWARM_JOBS, seed);
      const { outcome, violations } = checkWorld(job, worldOfSeed(job, seed));
      expect(violations, `npm run sim -- --seed ${seed} --job "${job.name}"`).toEqual([]);
      restarts += outcome.restarts;
      for (const kind of Object.keys(outcome.faults)) struck.add(kind);
    }
    expect(restarts).toBeGreaterThan(SEEDS.length / 4);
    expect(struck.size).toBeGreaterThanOrEqual(8);
  });

  it.each([
    { seed: 2831, job: "upserts into a database", what: "a barrier while the flush at the end of input waits for a lock" },
    { seed: 3709, job: "writers that want the same rows", what: "the same, with writers in each other's way" },
    { seed: 1235, job: "reading a stream of shards", what: "a stop with savepoint while a failed region is still down" },
    { seed: 318, job: "SQL: sums of seconds that rise three times", what: "a checkpoint while the job is drained, to which it fell back" },
    { seed: 21704, job: "SQL: a join of windows", what: "an announced barrier of a checkpoint that was given up" },
    { seed: 27404, job: "upserts into a database in XA transactions", what: "drained again and again in the middle of a checkpoint" },
  ])("SIM-6: seed $seed, which once failed: $what", ({ seed, job: name }) => {
    const [job] = jobsNamed(name);
    expect(checkWorld(job, worldOfSeed(job, seed)).violations).toEqual([]);
  });

  it("SIM-1: gives the same bytes for the same seed", () => {
    for (const seed of SEEDS.slice(0, 25)) {
      const job = jobOfSeed(SWARM_JOBS, seed);
      const { fingerprint } = checkWorld(job, worldOfSeed(job, seed)).outcome;
      expect(checkWorld(job, worldOfSeed(job, seed)).outcome.fingerprint).toBe(fingerprint);
    }
  });

  it.each(CANARIES)("SIM-7: catches $name", (canary) => {
    expect(seedThatCatches(canary, 1)).not.toBeNull();
  });
});

describe("worlds of the swarm", () => {
  const worlds = SEEDS.map((seed) => drawWorld(seed, ONE_INPUT));

  it("are drawn from the seed alone, and are plain data", () => {
    for (const [index, world] of worlds.slice(0, 20).entries()) {
      expect(drawWorld(SEEDS[index], ONE_INPUT)).toEqual(world);
      expect(JSON.parse(JSON.stringify(world))).toEqual(world);
    }
    expect(new Set(worlds.map((world) => JSON.stringify(world))).size).toBe(worlds.length);
  });

  it("differ in everything that a world may differ in", () => {
    const kindsOf = (choice: (world: World) => unknown) => new Set(worlds.map((world) => JSON.stringify(choice(world)))).size;
    expect(kindsOf(({ cluster }) => cluster.parallelism)).toBe(3);
    expect(kindsOf(({ cluster }) => cluster.taskManagers)).toBe(3);
    expect(kindsOf(({ cluster }) => cluster.configuration?.["state.backend.type"])).toBe(2);
    expect(kindsOf(({ cluster }) => cluster.configuration?.["restart-strategy.type"])).toBe(3);
    expect(kindsOf(({ costsUs }) => costsUs)).toBe(6);
    expect(new Set(worlds.flatMap(({ faults }) => faults.map(({ kind }) => kind))).size).toBe(9);
    expect(new Set(worlds.flatMap(({ faults }) => faults.map(({ when }) => when.kind))).size).toBe(4);
  });

  it("have events that are late by no more than the jobs wait for", () => {
    for (const { topics } of worlds) {
      const newest = new Map<number, number>();
      for (const { partition, timestampMs = 0 } of topics[0].arrivals) {
        const before = newest.get(partition) ?? timestampMs;
        expect(timestampMs).toBeGreaterThanOrEqual(before - 2000);
        newest.set(partition, Math.max(before, timestampMs));
      }
    }
  });

  it("are quiet with the same input, wrong clocks included", () => {
    for (const world of worlds) {
      const quiet = quietWorld(world);
      expect(quiet.topics).toEqual(world.topics);
      expect(quiet.faults.every(({ kind }) => kind === "clockAhead")).toBe(true);
    }
  });
});
