import { describe, expect, it, vi } from "vitest";
import { type Recording, type RunOutcome, runWorld, type World } from "../../src/sim.ts";
import { WorldRun } from "../../src/sim/run-world.ts";
import { ALIGNMENTS, backpressuredWorld, JOBS, jobOf, START_MS } from "./backpressured-jobs.ts";

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
  it.each(Object.entries(ALIGNMENTS))(
    "BAR-3 BAR-6: commits under crashes and backpressure what it commits without: %s",
    (_name, settings) => {
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
    },
  );
});

const STEPS = ["trigger", "barrier", "snapshot", "ack", "complete", "notify", "flush", "preCommit", "commit", "committed"] as const;

describe("a task manager lost at any step of a checkpoint", () => {
  it.each(Object.entries(ALIGNMENTS))("BAR-3 BAR-6: changes nothing that is committed: %s", (_name, settings) => {
    const quiet = committed(runWorld(jobOf("two keyed steps", {}), backpressuredWorld(5, false)));
    const program = jobOf("two keyed steps", settings);
    let restarts = 0;
    for (const step of STEPS) {
      for (const at of ["before", "after"] as const) {
        for (const occurrence of [1, 2, 3]) {
          const when = { kind: "step", step, at, checkpoint: 2, occurrence } as const;
          const faults = [{ kind: "crashTaskManager", taskManager: 0, when }] as const;
          const outcome = runWorld(program, { ...backpressuredWorld(5, false), faults });
          expect(committed(outcome), `${at} ${step}, time ${occurrence}`).toEqual(quiet);
          restarts += outcome.restarts;
        }
      }
    }
    expect(restarts).toBeGreaterThan(30);
  });
});

/** Runs a job until its plug is pulled, then goes on from its last checkpoint with another parallelism. */
function rescaled(job: string, settings: Readonly<Record<string, string>>, world: World, parallelism: number) {
  const run = new WorldRun(world, {});
  const program = jobOf(job, settings);
  const first = run.job({ program, end: { kind: "cancel", atMs: START_MS + 900 }, restore: null, lastInWorld: false });
  const checkpoint = first.master?.coordinator.latest;
  if (checkpoint === null || checkpoint === undefined) return null;
  const savepoint = { format: "native", stateBackend: "hashmap", jobName: job, checkpoint } as const;
  const second = run.job({ program, parallelism, end: { kind: "drain" }, restore: { savepoint }, lastInWorld: true });
  return { inFlight: checkpoint.channels.flatMap(({ elements }) => elements).length, rows: committed(run.outcome(second)) };
}

// Between a sender and a receiver records keep their order; after a rescale a key's records in flight have another sender than its new ones.
describe.each(JOBS.filter((job) => job !== "two keyed steps"))("%s, rescaled", (job) => {
  it.each(Object.entries(ALIGNMENTS))("BAR-8: commits the same behind another number of subtasks: %s", (name, settings) => {
    let inFlight = 0;
    for (const seed of SEEDS.slice(0, 15)) {
      const world = backpressuredWorld(seed, false);
      const quiet = committed(runWorld(jobOf(job, {}), world));
      for (const parallelism of [1, 2, 4]) {
        const outcome = rescaled(job, settings, world, parallelism);
        if (outcome === null) continue;
        inFlight += outcome.inFlight;
        expect(outcome.rows, `seed ${seed}, from ${world.cluster.parallelism} to ${parallelism}`).toEqual(quiet);
      }
    }
    if (name === "aligned") expect(inFlight).toBe(0);
    else expect(inFlight).toBeGreaterThan(40);
  });
});

const DOWNSTREAM = { ...ALIGNMENTS["unaligned"], "execution.checkpointing.unaligned.recover-output-on-downstream.enabled": "true" };
const DURING_RECOVERY = { ...DOWNSTREAM, "execution.checkpointing.unaligned.during-recovery.enabled": "true" };

describe("what receivers recover", () => {
  it("BAR-9: with the senders' part recovered downstream, a key's records keep their order over a rescale too", () => {
    let inFlight = 0;
    for (const seed of SEEDS.slice(0, 15)) {
      const world = backpressuredWorld(seed, false);
      const quiet = committed(runWorld(jobOf("two keyed steps", {}), world));
      for (const parallelism of [1, 2, 4]) {
        const outcome = rescaled("two keyed steps", DOWNSTREAM, world, parallelism);
        if (outcome === null) continue;
        inFlight += outcome.inFlight;
        expect(outcome.rows, `seed ${seed}, from ${world.cluster.parallelism} to ${parallelism}`).toEqual(quiet);
      }
    }
    expect(inFlight).toBeGreaterThan(40);
  });

  it.each(JOBS)("BAR-9 BAR-10: %s commits the same however it is recovered", (job) => {
    for (const seed of SEEDS.slice(0, 10)) {
      const quiet = committed(runWorld(jobOf(job, {}), backpressuredWorld(seed, false)));
      for (const settings of [DOWNSTREAM, DURING_RECOVERY]) {
        expect(committed(runWorld(jobOf(job, settings), backpressuredWorld(seed, true))), `seed ${seed}`).toEqual(quiet);
      }
    }
  });

  it("BAR-10: no checkpoint begins before all of it is read, unless it may", () => {
    // One record takes 300 ms, so what was in flight takes longer than an interval.
    const faults = [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "checkpoint", checkpoint: 2, step: "completed" } }] as const;
    const world: World = { ...backpressuredWorld(3, false), costsUs: { slow: 300_000 }, faults };
    const firstAfterRestore = (settings: Readonly<Record<string, string>>) => {
      const { recording, status } = runWorld(jobOf("two keyed steps, whatever the order", settings), world, { record: true });
      expect(status).toBe("finished");
      const events = (recording as Recording).events.filter((event) => event.kind === "checkpoint" && event.v === null);
      const restored = events.findIndex((event) => event.kind === "checkpoint" && event.what === "restored");
      const next = events.slice(restored).find((event) => event.kind === "checkpoint" && event.what === "triggered");
      return (next?.t ?? Number.POSITIVE_INFINITY) - events[restored].t;
    };
    expect(firstAfterRestore(ALIGNMENTS["unaligned"])).toBeGreaterThan(300);
    expect(firstAfterRestore(DURING_RECOVERY)).toBeLessThan(300);
  });
});

/** From trigger to completion, of each checkpoint that completed. */
function durationsMs({ events }: Recording): number[] {
  const startedMs = new Map<number, number>();
  return events.flatMap((event): number[] => {
    if (event.kind !== "checkpoint" || event.v !== null) return [];
    if (event.what === "triggered" && event.reason === null) startedMs.set(event.checkpoint, event.t);
    const started = startedMs.get(event.checkpoint);
    return event.what === "completed" && started !== undefined ? [event.t - started] : [];
  });
}

describe("under backpressure", () => {
  const world: World = {
    ...backpressuredWorld(3, false),
    cluster: { taskManagers: 2, slotsPerTaskManager: 3, parallelism: 2, channelCapacity: 16 },
    costsUs: { slow: 10_000 },
  };
  const run = (name: string) => runWorld(jobOf("two keyed steps", ALIGNMENTS[name]), world, { record: true });
  const longest = (outcome: RunOutcome) => Math.max(...durationsMs(outcome.recording as Recording));

  it("BAR-3: an unaligned checkpoint completes although the records in front of its barriers wait", () => {
    const [aligned, unaligned] = [run("aligned"), run("unaligned")];
    expect(longest(aligned)).toBeGreaterThan(150);
    expect(longest(unaligned)).toBeLessThan(20);
    // What the outcome says.
    const { job } = unaligned.metrics;
    expect(job["lastCheckpointDuration"]).toBeLessThan(20);
    expect(job["lastCheckpointPersistedData"]).toBeGreaterThanOrEqual(0);
    expect(aligned.metrics.job["lastCheckpointPersistedData"]).toBe(0);
    const persisted = (unaligned.recording as Recording).events.filter(
      (event) => event.kind === "checkpoint" && event.what === "completed" && (event.persistedBytes ?? 0) > 0,
    );
    expect(persisted.length).toBeGreaterThan(3);
  });

  it("BAR-4: with a timeout it takes as long as that and a little more", () => {
    const durations = durationsMs(run("aligned with timeout").recording as Recording);
    expect(Math.max(...durations)).toBeGreaterThan(20);
    expect(Math.max(...durations)).toBeLessThan(60);
  });

  it("takes the same steps with and without a recording", () => {
    const { recording, ...recorded } = run("aligned with timeout");
    expect(recording).not.toBeNull();
    expect({ ...runWorld(jobOf("two keyed steps", ALIGNMENTS["aligned with timeout"]), world), recording: undefined }).toEqual({
      ...recorded,
      recording: undefined,
    });
  });

  it("reports alignment and start delay of each task, in nanoseconds", () => {
    const { subtasks } = run("aligned").metrics;
    for (const { task } of subtasks) expect(task["checkpointStartDelayNanos"]).toBeGreaterThanOrEqual(0);
    const sink = subtasks.filter(({ name }) => name.startsWith("slow"));
    expect(sink.length).toBe(2);
    for (const { task } of sink) expect(task["checkpointAlignmentTime"]).toBeGreaterThanOrEqual(0);
  });
});
