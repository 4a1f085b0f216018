import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type DatabaseDescription, type Fault, reduceWorld, reduceWorldLater, type World } from "../../src/sim.ts";
import { minimalList } from "../../src/sim/reduce/delta-debugging.ts";
import { answered } from "../../src/sim/reduce/proposals.ts";
import { checkWorld, worldOfSeed } from "./run-seed.ts";
import { shrink } from "./shrink-seed.ts";
import { CANARIES } from "./swarm-jobs/all-canaries.ts";
import { SWARM_JOBS } from "./swarm-jobs/all.ts";

// Many runs: a second on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 60_000 });

describe("delta debugging", () => {
  it("finds exactly the items that are needed together", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(50), { maxLength: 5 }), fc.nat(60), (needed, more) => {
        const items = Array.from({ length: 51 + more }, (_, index) => index);
        const found = answered(minimalList(items), (kept) => needed.every((item) => kept.includes(item)));
        expect([...found].sort((a, b) => a - b)).toEqual([...needed].sort((a, b) => a - b));
      }),
    );
  });

  it("keeps the list when nothing smaller fails", () => {
    expect(answered(minimalList([1, 2, 3]), (kept) => kept.length === 3)).toEqual([1, 2, 3]);
  });
});

/** A world of seed 7, with more in it than any failure needs. */
const WORLD: World = worldOfSeed(SWARM_JOBS[0], 7);

describe("reduceWorld", () => {
  const crash = (world: World) =>
    world.faults.find((fault): fault is Extract<Fault, { kind: "crashTaskManager" }> => fault.kind === "crashTaskManager");

  const needsCrashAndKey: World = {
    ...WORLD,
    faults: [
      ...WORLD.faults,
      {
        kind: "crashTaskManager",
        taskManager: 2,
        when: { kind: "step", step: "commit", at: "before", checkpoint: 3, subtask: 1, occurrence: 4 },
      },
      { kind: "crashJobManager", when: { kind: "atMs", atMs: WORLD.startMs + 3141 } },
    ],
  };
  /** "Fails" whenever a task manager crashes before a commit and two records of one key are there. */
  const fails = (world: World) => {
    const when = crash(world)?.when;
    if (when?.kind !== "step" || when.step !== "commit" || when.at !== "before") return false;
    const keys = world.topics.flatMap(({ arrivals }) => arrivals.map(({ key }) => key));
    return keys.some((key, index) => keys.indexOf(key) !== index);
  };

  it("SIM-8: leaves what the failure needs, in its simplest form", () => {
    const { world, complete } = reduceWorld(needsCrashAndKey, fails);
    expect(complete).toBe(true);
    expect(world.faults).toEqual([
      { kind: "crashTaskManager", taskManager: 0, when: { kind: "step", step: "commit", at: "before", occurrence: 1 } },
    ]);
    expect(world.topics.map(({ name, partitions, arrivals }) => [name, partitions, arrivals.length])).toEqual([
      ["events", 1, 2],
      ["out", 1, 0],
    ]);
    expect(world.topics[0].arrivals.map(({ key }) => key)).toEqual(["a", "a"]);
    expect(world.topics[0].arrivals.every(({ value }) => (value as { amount: number }).amount === 0)).toBe(true);
    expect(world.topics[0].arrivals.every(({ atMs }) => atMs % 1000 === 0)).toBe(true);
    expect(world.cluster).toEqual({ taskManagers: 1, slotsPerTaskManager: expect.any(Number) as number, parallelism: 1 });
    expect(world.costsUs).toEqual({});
  });

  it("SIM-8: keeps a crash between the records between which it was, when others go", () => {
    const arrivals = Array.from({ length: 200 }, (_, i) => ({
      atMs: WORLD.startMs + i * 1000,
      partition: 0,
      key: `k${i}`,
      value: { amount: i },
    }));
    const topics = [{ name: "events", partitions: 1, arrivals }];
    const world: World = {
      ...WORLD,
      topics,
      faults: [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records: 120 } }],
    };
    /** "Fails" when the 100th record has been read before the crash. */
    let runs = 0;
    const lost = (smaller: World) => {
      runs++;
      const when = crash(smaller)?.when;
      const given = smaller.topics[0].arrivals;
      const at = given.findIndex(({ key }) => key === "k99");
      if (when === undefined || at < 0) return false;
      if (when.kind === "afterRecords") return when.records > at && when.records <= given.length;
      return when.kind === "atMs" && when.atMs > given[at].atMs;
    };
    const { world: smallest } = reduceWorld(world, lost, { keepNames: true });
    expect(smallest.topics[0].arrivals.map(({ key }) => key)).toEqual(["k99"]);
    // Without moving the crash, more than a hundred records would have to stay until it is simplified, and each of them would be tried.
    expect(runs).toBeLessThan(60);
  });

  it("SIM-8: is deterministic, keeps to its number of runs, and always ends with a world that fails", () => {
    for (const maxRuns of [0, 1, 7, 30]) {
      let runs = 0;
      const counted = (world: World) => {
        runs++;
        return fails(world);
      };
      const reduced = reduceWorld(needsCrashAndKey, counted, { maxRuns });
      expect(runs).toBeLessThanOrEqual(maxRuns);
      expect(reduced).toMatchObject({ runs, complete: false });
      expect(fails(reduced.world)).toBe(true);
      expect(reduceWorld(needsCrashAndKey, fails, { maxRuns })).toEqual(reduced);
    }
  });

  it("SIM-8: asks later callers the same questions and comes to the same", async () => {
    const asked: string[][] = [[], []];
    const now = reduceWorld(needsCrashAndKey, (world) => {
      asked[0].push(JSON.stringify(world));
      return fails(world);
    });
    const later = await reduceWorldLater(needsCrashAndKey, async (world) => {
      await Promise.resolve();
      asked[1].push(JSON.stringify(world));
      return fails(world);
    });
    expect(later).toEqual(now);
    expect(asked[1]).toEqual(asked[0]);
  });

  it("SIM-8: keeps names for readers who know them, and ends when it may not go on", () => {
    const { world } = reduceWorld(needsCrashAndKey, fails, { keepNames: true });
    const known = new Set(needsCrashAndKey.topics[0].arrivals.map(({ key }) => key));
    expect(world.topics[0].arrivals.map(({ key }) => known.has(key))).toEqual([true, true]);
    let left = 5;
    const short = reduceWorld(needsCrashAndKey, fails, { mayGoOn: () => left-- > 0 });
    expect(short).toMatchObject({ runs: 5, complete: false });
    expect(fails(short.world)).toBe(true);
  });

  it("gives the world back when nothing smaller fails", () => {
    const text = JSON.stringify(WORLD);
    expect(reduceWorld(WORLD, (world) => JSON.stringify(world) === text).world).toEqual(WORLD);
  });

  it("SIM-8: leaves of an application's transactions what the failure needs", () => {
    const transactions = Array.from({ length: 20 }, (_, id) => ({
      atMs: WORLD.startMs + id,
      changes: [{ op: "insert" as const, table: "orders", row: { id } }],
    }));
    const world: World = {
      ...WORLD,
      systems: [{ kind: "postgres", name: "shop", tables: [], application: transactions } as DatabaseDescription],
    };
    const idsOf = ({ systems = [] }: World) =>
      systems.flatMap((system) => (system as DatabaseDescription).application ?? []).map(({ atMs }) => atMs - WORLD.startMs);
    const reduced = reduceWorld(world, (smaller) => idsOf(smaller).includes(7) && idsOf(smaller).includes(13));
    expect(idsOf(reduced.world)).toEqual([7, 13]);
  });

  it("keeps the order of arrivals, and equal times equal", () => {
    const { world } = reduceWorld(WORLD, ({ topics }) => topics[0].arrivals.length >= 5);
    const times = world.topics[0].arrivals.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { atMs, timestampMs, value } of world.topics[0].arrivals) {
      expect((value as { atMs: number }).atMs).toBe(timestampMs);
      expect(timestampMs).toBeLessThanOrEqual(atMs);
    }
  });

  it("SIM-8: shrinks what a canary does to a handful of records and one fault", () => {
    const canary = CANARIES[0];
    const seed = Array.from({ length: 60 }, (_, index) => index + 1).find(
      (candidate) => checkWorld(canary, worldOfSeed(canary, candidate)).violations.length > 0,
    ) as number;
    const { world } = shrink(canary, worldOfSeed(canary, seed), canary.caughtBy);
    expect(world.faults).toHaveLength(1);
    expect(world.topics[0].arrivals.length).toBeLessThanOrEqual(2);
    expect(checkWorld(canary, world).violations.map(({ checker }) => checker)).toContain(canary.caughtBy);
  });
});
