import { describe, expect, it } from "vitest";
import { Prng } from "../../src/base/prng.ts";
import { datastreamProgram } from "../../src/index.ts";
import { type Fault, type RunOutcome, runWorld } from "../../src/sim.ts";
import * as alignedSessions from "./learner-programs/custom-parts/aligned-session-windows.ts";
import * as businessDays from "./learner-programs/custom-parts/business-day-windows.ts";
import * as trigger from "./learner-programs/custom-parts/every-few-then-final-trigger.ts";
import * as sensors from "./learner-programs/custom-parts/sensor-source.ts";
import * as generators from "./learner-programs/custom-parts/watermark-generators.ts";
import { committed, type Row, sorted, worldOf } from "./run-job.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];

/** Clicks of three users in disorder up to two seconds; each user has a partition, so what one user does keeps its order. */
function clicks(seed: number, markers = false): Row[] {
  const random = new Prng(seed).fork("clicks");
  const rows: Row[] = [];
  let nowMs = 3000;
  for (let n = 0; n < 150; n++) {
    nowMs += random.nextInt(90) + (random.nextInt(20) === 0 ? 2500 : 0);
    const user = random.nextInt(3);
    rows.push([nowMs, { user: `u${user}`, page: `p${random.nextInt(4)}`, at: nowMs - random.nextInt(2000) }, user]);
    if (markers && n % 10 === 9)
      for (const partition of [0, 1, 2]) rows.push([nowMs, { user: "", at: 0, complete: nowMs - 2001 }, partition]);
  }
  return rows;
}

function crashes(seed: number): Fault[] {
  const random = new Prng(seed).fork("crashes");
  return Array.from({ length: 3 }, (_, index): Fault => {
    const when =
      index === 1
        ? ({ kind: "checkpoint", checkpoint: 2 + random.nextInt(4), step: random.nextInt(2) === 0 ? "completed" : "barrier" } as const)
        : ({ kind: "atMs", atMs: 600 + random.nextInt(9000) } as const);
    return random.nextInt(4) === 0 ? { kind: "crashJobManager", when } : { kind: "crashTaskManager", taskManager: random.nextInt(2), when };
  });
}

function run(main: () => void, seed: number, faults: readonly Fault[], rows: readonly Row[], parallelism = 2): RunOutcome {
  const input: Readonly<Record<string, readonly Row[]>> = rows.length === 0 ? {} : { clicks: rows };
  const cluster = { taskManagers: 2, slotsPerTaskManager: 2, parallelism };
  const outcome = runWorld(datastreamProgram(main), worldOf({ seed, input, faults, cluster, partitions: 3 }));
  expect(outcome.status, JSON.stringify(outcome.failure)).toBe("finished");
  return outcome;
}

/** Committed output with crashes is that without, on every seed; gives one run's output. */
function sameUnderCrashes(main: () => void, rowsOf: (seed: number) => readonly Row[]): unknown[] {
  let restarts = 0;
  let output: unknown[] = [];
  for (const seed of SEEDS) {
    const quiet = run(main, seed, [], rowsOf(seed));
    const crashed = run(main, seed, crashes(seed), rowsOf(seed));
    expect(sorted(committed(crashed)), `seed ${seed}`).toEqual(sorted(committed(quiet)));
    restarts += crashed.restarts;
    output = committed(quiet);
  }
  expect(restarts).toBeGreaterThan(SEEDS.length);
  expect(output.length).toBeGreaterThan(0);
  return output;
}

describe("parts of a learner's own, under crashes as without", () => {
  it("a trigger with state, clear and merge", () => {
    const output = sameUnderCrashes(trigger.main, (seed) => clicks(seed)) as { user: string; clicks: number; from: number; to: number }[];
    // Preliminary results: the same session more than once, growing.
    const bySession = Map.groupBy(output, ({ user, from }) => `${user} ${from}`);
    expect([...bySession.values()].some((results) => results.length > 1 && results[0].clicks < (results.at(-1)?.clicks ?? 0))).toBe(true);
  });

  it("an assigner of business days", () => {
    const output = sameUnderCrashes(businessDays.main, (seed) => clicks(seed)) as { day: number; clicks: number }[];
    expect(output.every(({ day }) => day % 7 < 5)).toBe(true);
    expect(output.reduce((sum, day) => sum + day.clicks, 0)).toBe(150);
  });

  it("an assigner whose windows merge, with an evictor", () => {
    const output = sameUnderCrashes(alignedSessions.main, (seed) => clicks(seed)) as { seconds: number; pages: string }[];
    expect(output.every(({ seconds }) => Number.isInteger(seconds) && seconds >= 1)).toBe(true);
    expect(output.every(({ pages }) => new Set(pages.split(" ")).size === pages.split(" ").length)).toBe(true);
    expect(output.some(({ seconds }) => seconds > 2)).toBe(true);
  });

  it("a periodic watermark generator", () => {
    const output = sameUnderCrashes(generators.periodic, (seed) => clicks(seed)) as { clicks: number }[];
    expect(output.reduce((sum, window) => sum + window.clicks, 0)).toBe(150);
  });

  it("a strategy in a class of its own", () => {
    const output = sameUnderCrashes(generators.ownStrategy, (seed) => clicks(seed)) as { clicks: number }[];
    expect(output.reduce((sum, window) => sum + window.clicks, 0)).toBe(150);
    const { metrics } = run(generators.ownStrategy, 1, [], clicks(1));
    // The source's own generator and one per split, by subtask.
    const made = metrics.subtasks.flatMap(({ operators }) => operators.map((operator) => operator.metrics["generators"]));
    expect(made.filter((count) => count !== undefined).length).toBe(2);
  });

  it("a punctuated watermark generator", () => {
    const output = sameUnderCrashes(generators.punctuated, (seed) => clicks(seed, true)) as { clicks: number }[];
    expect(output.reduce((sum, window) => sum + window.clicks, 0)).toBe(150);
  });
});

describe("a source of a learner's own", () => {
  const ALL = Array.from({ length: 7 }, (_, sensor) => ({ sensor: `sensor-${sensor}`, count: 25, sum: 300 }));

  it("reads every split to its end, once, whatever crashes", () => {
    expect(sorted(sameUnderCrashes(sensors.main, () => []))).toEqual(sorted(ALL));
  });

  it("its enumerator and its readers report", () => {
    const { metrics } = run(sensors.main, 1, [], []);
    expect(metrics.enumerators).toMatchObject([{ name: "Source: sensors", metrics: { unassignedSplits: 0, sensorsFound: 7 } }]);
    const [reader] = metrics.subtasks[0].operators;
    expect(reader.metrics).toMatchObject({ pendingRecords: 0, numRecordsInErrors: 0 });
  });

  it("reads the same with any number of readers", () => {
    for (const parallelism of [1, 2, 3, 4]) expect(sorted(committed(run(sensors.main, 1, [], [], parallelism)))).toEqual(sorted(ALL));
  });
});
