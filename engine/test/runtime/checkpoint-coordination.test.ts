/** The coordinator's rules, seen at whole jobs: what a recording says of their checkpoints. */
import { beforeEach, describe, expect, it } from "vitest";
import { Prng } from "../../src/base/prng.ts";
import { Configuration, KafkaSource, RichMapFunction, type StreamExecutionEnvironment, WatermarkStrategy } from "../../src/index.ts";
import { json, KafkaSink } from "../../src/index.ts";
import type { Fault, FaultTrigger, Recording, RunOutcome } from "../../src/sim.ts";
import { committed, runJob, type TestWorld } from "../datastream/run-job.ts";

interface Click {
  readonly user: string;
  readonly n: number;
}

const CLICKS = Array.from({ length: 120 }, (_, n): Click => ({ user: `u${n % 6}`, n }));
const INPUT = { clicks: CLICKS.map((click) => [click.n * 20, click, click.n % 2] as const) };
const WORLD: TestWorld = { partitions: 2, input: INPUT, cluster: { taskManagers: 2, slotsPerTaskManager: 1, parallelism: 2 } };

/** What the first subtask of the map heard of checkpoints, in order. */
let heard: string[] = [];
beforeEach(() => {
  heard = [];
});

class Listening extends RichMapFunction<Click, Click> {
  override map(click: Click): Click {
    return click;
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.hear(`complete ${checkpointId}`);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.hear(`aborted ${checkpointId}`);
  }

  private hear(what: string): void {
    if (this.getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() === 0) heard.push(what);
  }
}

function job(options: Readonly<Record<string, string>>) {
  return (env: StreamExecutionEnvironment) => {
    env.configure(Configuration.fromMap({ "execution.checkpointing.interval": "100 ms", ...options }));
    const source = KafkaSource.builder<Click>().setTopics("clicks").build();
    env
      .fromSource(source, WatermarkStrategy.noWatermarks(), "clicks")
      .rebalance()
      .map(new Listening())
      .name("slow")
      .keyBy((click) => click.user)
      .sum("n")
      .sinkTo(
        KafkaSink.builder<Click>()
          .setRecordSerializer(json<Click>("out", ({ user }) => user))
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("out")
          .build(),
      );
  };
}

function run(options: Readonly<Record<string, string>>, world: TestWorld = {}): RunOutcome {
  return runJob(job(options), { ...WORLD, ...world }, { record: true, maxRecordingEvents: 1_000_000 });
}

interface Step {
  readonly what: string;
  readonly checkpoint: number;
  readonly t: number;
  readonly reason: string | null;
}

/** What the coordinator did. The last savepoint does not count. */
function stepsOf(outcome: RunOutcome): Step[] {
  const steps: Step[] = [];
  const savepoints = new Set<number>();
  for (const event of (outcome.recording as Recording).events) {
    if (event.kind !== "checkpoint" || event.v !== null) continue;
    if (event.what === "triggered" && event.reason === "savepoint") savepoints.add(event.checkpoint);
    if (!savepoints.has(event.checkpoint)) steps.push(event);
  }
  return steps;
}

/** Most checkpoints that were under way at once. */
function mostAtOnce(outcome: RunOutcome): number {
  let most = 0;
  let now = 0;
  for (const { what } of stepsOf(outcome)) {
    if (what === "triggered") now++;
    else if (what !== "restored") now--;
    most = Math.max(most, now);
  }
  return most;
}

/** The last value of each user: the sum of everything, whatever order it came in. */
function totals(outcome: RunOutcome) {
  const last = new Map<string, number>();
  for (const { user, n } of committed(outcome) as Click[]) last.set(user, Math.max(n, last.get(user) ?? 0));
  return [...last].sort(([left], [right]) => left.localeCompare(right));
}

/** Less than comes in: barriers wait behind a queue. */
const SLOW = { costsUs: { slow: 60_000 } };
const DISK = { systems: [{ kind: "checkpointStorage", name: "disk" }] } as const;
const strike = (what: string, atMs: number, more: object = {}): Fault => ({
  kind: "system",
  system: "disk",
  action: { what, ...more },
  when: { kind: "atMs", atMs },
});
const EXPECTED = totals(run({}));

describe("CKP-2 max-concurrent-checkpoints", () => {
  it.each([1, 2, 3])("%i: as many are under way as may be, and never more", (most) => {
    const outcome = run({ "execution.checkpointing.max-concurrent-checkpoints": String(most) }, SLOW);
    expect(mostAtOnce(outcome)).toBe(most);
    expect(totals(outcome)).toEqual(EXPECTED);
  });

  it("one that completes takes older ones with it, which count as subsumed and not as failures", () => {
    const options = {
      "execution.checkpointing.max-concurrent-checkpoints": "3",
      "execution.checkpointing.tolerable-failed-checkpoints": "0",
    };
    const outcome = run(options, SLOW);
    const completed = stepsOf(outcome).filter(({ what }) => what === "completed");
    expect(completed.map(({ checkpoint }) => checkpoint)).toEqual(completed.map(({ checkpoint }) => checkpoint).toSorted((a, b) => a - b));
    expect(outcome.restarts).toBe(0);
  });
});

describe("CKP-2 min-pause", () => {
  it.each([150, 400])("%i ms lie between the end of a checkpoint and the start of the next", (pauseMs) => {
    const outcome = run({ "execution.checkpointing.min-pause": `${pauseMs} ms` }, { costsUs: { slow: 5000 } });
    const steps = stepsOf(outcome);
    let gaps = 0;
    for (const [index, { what, t }] of steps.entries()) {
      const before = steps[index - 1];
      if (what !== "triggered" || before?.what !== "completed") continue;
      expect(t - before.t).toBeGreaterThanOrEqual(pauseMs);
      gaps++;
    }
    expect(gaps).toBeGreaterThan(2);
  });
});

describe("CKP-3 tolerable failures", () => {
  /** The disk is full from one time to another. */
  const fullFor = (ms: number) => ({ ...DISK, faults: [strike("full", 500), strike("free", 500 + ms)] });
  const aborted = (outcome: RunOutcome) => stepsOf(outcome).filter(({ what }) => what === "aborted").length;
  const options = (tolerable: number) => ({
    "execution.checkpointing.tolerable-failed-checkpoints": String(tolerable),
    "execution.checkpointing.data-inline-threshold": "0 b",
  });

  it("as many in a row as are tolerated change nothing", () => {
    const outcome = run(options(3), fullFor(260));
    expect(aborted(outcome)).toBeGreaterThan(1);
    expect(aborted(outcome)).toBeLessThanOrEqual(3);
    expect(outcome).toMatchObject({ status: "finished", restarts: 0 });
    expect(totals(outcome)).toEqual(EXPECTED);
  });

  it("one more fails the job, which goes on from its last checkpoint", () => {
    const outcome = run(options(1), fullFor(260));
    expect(outcome.restarts).toBeGreaterThan(0);
    expect(outcome.exceptions.entries[0].message).toContain("Exceeded checkpoint tolerable failure threshold.");
    expect(totals(outcome)).toEqual(EXPECTED);
  });

  it("a completed one in between starts the count anew", () => {
    const faults = [500, 900, 1300, 1700].flatMap((atMs) => [strike("full", atMs), strike("free", atMs + 130)]);
    const outcome = run(options(2), { ...DISK, faults });
    expect(aborted(outcome)).toBeGreaterThan(3);
    expect(outcome.restarts).toBe(0);
  });
});

describe("CKP-3 timeout", () => {
  it("a checkpoint that takes longer expires at its timeout, and everybody is told", () => {
    const options = { "execution.checkpointing.timeout": "50 ms", "execution.checkpointing.tolerable-failed-checkpoints": "1000" };
    const outcome = run(options, SLOW);
    const steps = stepsOf(outcome);
    const expired = steps.filter(({ what }) => what === "aborted");
    expect(expired.length).toBeGreaterThan(5);
    for (const { checkpoint, t, reason } of expired) {
      expect(reason).toBe("Checkpoint expired before completing.");
      expect(t - (steps.find((step) => step.what === "triggered" && step.checkpoint === checkpoint) as Step).t).toBe(50);
    }
    expect(heard.filter((what) => what.startsWith("aborted"))).toEqual(expired.map(({ checkpoint }) => `aborted ${checkpoint}`));
    expect(totals(outcome)).toEqual(EXPECTED);
  });

  it("what still comes for an expired one is ignored", () => {
    // The storage takes longer than the timeout: all parts arrive behind it.
    const faults = [strike("slow", 300, { factor: 200 }), strike("slow", 1200, { factor: 1 })];
    const options = { "execution.checkpointing.timeout": "60 ms", "execution.checkpointing.tolerable-failed-checkpoints": "1000" };
    const outcome = run(options, { ...DISK, faults });
    const steps = stepsOf(outcome);
    const expired = new Set(steps.filter(({ what }) => what === "aborted").map(({ checkpoint }) => checkpoint));
    expect(expired.size).toBeGreaterThan(2);
    expect(steps.filter(({ what, checkpoint }) => what === "completed" && expired.has(checkpoint))).toEqual([]);
    expect(totals(outcome)).toEqual(EXPECTED);
  });

  it("is no failure of a job that tolerates it, and one of the others", () => {
    const options = { "execution.checkpointing.timeout": "50 ms", "restart-strategy.type": "none" };
    const outcome = run(options, SLOW);
    expect(outcome).toMatchObject({ status: "failed", failure: { code: "JOB_CHECKPOINT_FAILED" } });
    expect(outcome.failure?.message).toContain("The latest checkpoint failed due to Checkpoint expired before completing.");
  });
});

describe("notifications", () => {
  it("come once for each checkpoint that ended while the task lived, in order", () => {
    const faults = [strike("full", 500), strike("free", 800)];
    const options = {
      "execution.checkpointing.tolerable-failed-checkpoints": "10",
      "execution.checkpointing.data-inline-threshold": "0 b",
    };
    const outcome = run(options, { ...DISK, faults });
    const ended = stepsOf(outcome)
      .filter(({ what }) => what === "completed" || what === "aborted")
      .map(({ what, checkpoint }) => `${what === "completed" ? "complete" : "aborted"} ${checkpoint}`);
    expect(ended.some((what) => what.startsWith("aborted"))).toBe(true);
    // The last one is the savepoint of the end.
    expect(heard.slice(0, ended.length)).toEqual(ended);
    expect(heard).toHaveLength(ended.length + 1);
  });
});

describe("CKP-12 what the outcome says of checkpoints", () => {
  const UNALIGNED = { "execution.checkpointing.unaligned.enabled": "true" };

  it("counts, latest, and the last ten that ended, newest first", () => {
    const faults = [strike("full", 500), strike("free", 800)];
    const options = {
      "execution.checkpointing.tolerable-failed-checkpoints": "10",
      "execution.checkpointing.data-inline-threshold": "0 b",
    };
    const outcome = run(options, { ...DISK, faults });
    const { counts, latest, history } = outcome.metrics.checkpoints;
    const ends = (what: string) => stepsOf(outcome).filter((step) => step.what === what);
    // The last one is the savepoint of the end.
    expect(counts).toEqual({
      triggered: ends("triggered").length + 1,
      inProgress: 0,
      completed: ends("completed").length + 1,
      failed: ends("aborted").length,
      restored: 0,
    });
    expect(latest).toMatchObject({
      completed: ends("completed").at(-1)?.checkpoint,
      failed: ends("aborted").at(-1)?.checkpoint,
      restored: null,
    });
    expect(history).toHaveLength(10);
    expect(history.map(({ id }) => id)).toEqual(history.map(({ id }) => id).toSorted((a, b) => b - a));
    expect(history[0]).toMatchObject({ kind: "savepoint", status: "COMPLETED", id: latest.savepoint });
    const long = run({ ...options, "web.checkpoints.history": "1000" }, { ...DISK, faults }).metrics.checkpoints.history;
    expect(long).toHaveLength(counts.triggered);
    expect(long.filter(({ status }) => status === "FAILED")[0].failure).toContain("No space left on device");
  });

  it("of each task: when it acknowledged, how late its barriers began and how long they took, sizes", () => {
    const aligned = run({}, SLOW).metrics.checkpoints;
    const [checkpoint] = aligned.history.filter(({ kind, status }) => kind === "checkpoint" && status === "COMPLETED");
    expect(checkpoint.numAcknowledged).toBe(checkpoint.numSubtasks);
    expect(checkpoint.subtasks).toHaveLength(checkpoint.numSubtasks);
    let alignmentMs = 0;
    for (const part of checkpoint.subtasks) {
      expect(part.ackMs).not.toBeNull();
      expect(part.startDelayMs + part.alignmentDurationMs + (part.asyncDurationMs ?? 0)).toBeLessThanOrEqual(
        (part.endToEndDurationMs ?? 0) + 1,
      );
      expect(part).toMatchObject({ persistedBytes: 0, unaligned: false });
      alignmentMs = Math.max(alignmentMs, part.startDelayMs + part.alignmentDurationMs);
    }
    expect(alignmentMs).toBeGreaterThan(50);
    expect(checkpoint.latestAckMs).toBe(Math.max(...checkpoint.subtasks.map(({ ackMs }) => ackMs ?? 0)));
    expect(checkpoint.stateBytes).toBe(checkpoint.subtasks.reduce((sum, { stateBytes }) => sum + stateBytes, 0));
    // Somebody read on while a barrier was missing.
    expect(aligned.summary?.processedBytes.max).toBeGreaterThan(0);
    const unaligned = run(UNALIGNED, SLOW).metrics.checkpoints;
    expect(unaligned.summary?.persistedBytes.max).toBeGreaterThan(0);
    expect(unaligned.history.flatMap(({ subtasks }) => subtasks).some((part) => part.unaligned && part.persistedBytes > 0)).toBe(true);
    expect(unaligned.summary?.endToEndDurationMs.p99 ?? 0).toBeLessThan(aligned.summary?.endToEndDurationMs.p50 ?? 0);
  });

  it("and what was restored; a summary is ordered", () => {
    const outcome = run({}, { faults: [crash(0, { kind: "atMs", atMs: 900 })] });
    const { counts, latest, summary } = outcome.metrics.checkpoints;
    expect(counts.restored).toBe(1);
    expect(latest.restored).toBeGreaterThan(1);
    const { min, p50, p90, p95, p99, p999, max } = summary?.endToEndDurationMs ?? fail();
    expect([min, p50, p90, p95, p99, p999, max]).toEqual([min, p50, p90, p95, p99, p999, max].toSorted((a, b) => a - b));
    expect(outcome.metrics.job["lastCheckpointProcessedData"]).toBeGreaterThanOrEqual(0);
  });
});

function fail(): never {
  throw new Error("there is none");
}

const crash = (taskManager: number, when: FaultTrigger): Fault => ({ kind: "crashTaskManager", taskManager, when });

describe("CKP-5 CKP-6 finished tasks", () => {
  /** Sources that end at different times beside one that goes on, in one keyed sum. */
  const ending = (lengths: readonly number[], options: Readonly<Record<string, string>>) => (env: StreamExecutionEnvironment) => {
    env.configure(Configuration.fromMap({ "execution.checkpointing.interval": "60 ms", ...options }));
    const bounded = lengths.map((length, index) =>
      env
        .fromSequence(1, length)
        .setParallelism(1)
        .map((n): Click => ({ user: `u${n % 4}`, n }))
        .name(`b${index}`)
        .setParallelism(1),
    );
    const live = env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks(), "clicks");
    live
      .union(...bounded)
      .keyBy(({ user }) => user)
      .reduce((left, right) => ({ user: left.user, n: left.n + right.n }))
      .filter(({ user }) => user !== "")
      .keyBy(({ user }) => user)
      .reduce((left, right) => ({ user: left.user, n: Math.max(left.n, right.n) }))
      .sinkTo(
        KafkaSink.builder<Click>()
          .setRecordSerializer(json<Click>("out", ({ user }) => user))
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("out")
          .build(),
      );
  };

  it("sources that end at different times, with crashes anywhere: nothing is lost, nothing doubled", () => {
    let restarts = 0;
    let afterFinish = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Prng(seed).fork("finished tasks");
      const lengths = Array.from({ length: 1 + random.nextInt(3) }, () => 1 + random.nextInt(120));
      const options: Record<string, string> = {
        ...(random.nextInt(3) === 0 ? { "execution.checkpointing.unaligned.enabled": "true" } : {}),
        ...(random.nextInt(3) === 0 ? { "state.backend.type": "rocksdb" } : {}),
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": "1000",
        "restart-strategy.fixed-delay.delay": `${random.nextInt(200)} ms`,
      };
      const costsUs = { b0: 1000 * (1 + random.nextInt(20)), b1: 1000 * (1 + random.nextInt(20)), b2: 500 };
      const faults = Array.from({ length: 1 + random.nextInt(4) }, (): Fault => {
        if (random.nextInt(2) === 0) return crash(random.nextInt(2), { kind: "atMs", atMs: random.nextInt(3500) });
        const step = (["barrier", "ack", "complete", "notify", "commit"] as const)[random.nextInt(5)];
        return crash(random.nextInt(2), {
          kind: "step",
          step,
          at: random.nextInt(2) === 0 ? "before" : "after",
          checkpoint: 1 + random.nextInt(30),
          occurrence: 1,
        });
      });
      const world = { ...WORLD, seed, costsUs, cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 } };
      const calm = runJob(ending(lengths, options), { ...world, faults: [] });
      const struck = runJob(ending(lengths, options), { ...world, faults }, { record: true, maxRecordingEvents: 1_000_000 });
      expect(totals(struck), `seed ${seed}`).toEqual(totals(calm));
      restarts += struck.restarts;
      // Checkpoints in which somebody no longer took part.
      const acknowledged = new Map<number, number>();
      for (const event of (struck.recording as Recording).events) {
        if (event.kind === "checkpoint" && event.what === "snapshot") {
          acknowledged.set(event.checkpoint, (acknowledged.get(event.checkpoint) ?? 0) + 1);
        }
      }
      const most = Math.max(...acknowledged.values());
      afterFinish += [...acknowledged.values()].filter((count) => count < most).length;
    }
    expect(restarts).toBeGreaterThan(20);
    expect(afterFinish).toBeGreaterThan(100);
  }, 30_000);

  it("without checkpoints after tasks have finished none is taken any more", () => {
    const options = { "execution.checkpointing.checkpoints-after-tasks-finish": "false" };
    const run = (more: Readonly<Record<string, string>>) =>
      runJob(ending([20], more), { ...WORLD, cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 } }, { record: true });
    expect(stepsOf(run({})).filter(({ what }) => what === "completed").length).toBeGreaterThan(10);
    expect(stepsOf(run(options)).filter(({ what }) => what === "completed").length).toBeLessThan(5);
  });
});
