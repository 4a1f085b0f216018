import { describe, expect, it } from "vitest";
import { Diagnostic } from "../../src/base/diagnostic.ts";
import { SuppressRestartsException } from "../../src/flow/suppress-restarts-exception.ts";
import { ExceptionHistoryRecorder } from "../../src/runtime/cluster/exception-history.ts";
import { taskFailureOf } from "../../src/runtime/task-failure.ts";
import { type Fault, type FaultTrigger, runWorld, type World } from "../../src/sim.ts";
import { arrival, type JobBuilder, program, START_MS, type Stream, world } from "./job-kit.ts";
import type { JobConfig } from "../../src/graph/stream-graph.ts";

const FIXED = { kind: "fixedDelay", attempts: 3, delayMs: 500 } as const;

/** Two pipelines that never meet, and a map in which a record fails once. */
function run(config: Partial<JobConfig>, faults: readonly Fault[] = [], fails: (n: number) => void = () => {}, more: Partial<World> = {}) {
  const copy = (job: JobBuilder) => {
    const numbers: Stream = { ...job.kafka("in"), partitioning: { kind: "forward" } };
    const mapped = job.map(
      numbers,
      (value: { n: number }) => {
        fails(value.n);
        return value;
      },
      { chaining: "NEVER", name: "check" },
    );
    job.kafkaSink(mapped, "out", "AT_LEAST_ONCE");
  };
  const arrivals = Array.from({ length: 20 }, (_, n) => arrival(100 * n, { n }, n % 2));
  return runWorld(
    program({ checkpointIntervalMs: 400, parallelism: 2, ...config }, copy),
    world(
      { in: { partitions: 2, arrivals }, out: { partitions: 1 } },
      { faults, cluster: { taskManagers: 1, slotsPerTaskManager: 2, parallelism: 2 }, ...more },
    ),
  );
}

const crash = (when: FaultTrigger): Fault => ({ kind: "crashTaskManager", taskManager: 0, when });

describe("REC-7 exception history", () => {
  it("has every failure of the job, newest first, with task, place and whose it is", () => {
    let thrown = 0;
    const outcome = run({ restartStrategy: FIXED }, [], (n) => {
      if ((n === 4 && thrown === 0) || (n === 9 && thrown === 1)) throw new TypeError(`no ${n}, time ${++thrown}`);
    });
    expect(outcome).toMatchObject({ status: "finished", restarts: 2, exceptions: { truncated: false } });
    expect(outcome.exceptions.entries).toMatchObject([
      { exceptionName: "TypeError", message: "TypeError: no 9, time 2", taskName: "check (1/2) - execution #0", taskManager: 0 },
      {
        exceptionName: "TypeError",
        message: "TypeError: no 4, time 1",
        taskName: "check (2/2) - execution #0",
        failureLabels: { type: "USER" },
      },
    ]);
    const times = outcome.exceptions.entries.map(({ timestampMs }) => timestampMs - START_MS);
    expect(times[0]).toBeGreaterThan(times[1]);
  });

  it("exponential delay: what fails while a restart is waited for is concurrent, and no restart of its own", () => {
    const outcome = run({}, [crash({ kind: "atMs", atMs: START_MS + 700 })]);
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    const [entry, ...more] = outcome.exceptions.entries;
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ exceptionName: "FlinkException", code: "JOB_TASK_MANAGER_LOST", failureLabels: { type: "SYSTEM" } });
    expect(entry.concurrentExceptions).toMatchObject([{ code: "JOB_TASK_MANAGER_LOST", taskManager: 0 }]);
    expect(entry.taskName).not.toBe(entry.concurrentExceptions[0].taskName);
  });

  it("other strategies count each region that goes down", () => {
    const lost = [crash({ kind: "atMs", atMs: START_MS + 700 })];
    expect(run({ restartStrategy: FIXED }, lost)).toMatchObject({ status: "finished", restarts: 2 });
    const once = run({ restartStrategy: { ...FIXED, attempts: 1 } }, lost);
    expect(once).toMatchObject({ status: "failed", failure: { code: "JOB_TASK_MANAGER_LOST" } });
    expect(once.exceptions.entries.map(({ exceptionName }) => exceptionName)).toEqual(["JobException", "FlinkException"]);
  });

  it("the last entry of a job that failed says why it was not restarted, and has the task's exception below", () => {
    const outcome = run({ restartStrategy: { kind: "none" } }, [], (n) => {
      if (n === 4) throw new Error("bad record");
    });
    expect(outcome.exceptions.entries).toMatchObject([
      {
        exceptionName: "JobException",
        message: "Recovery is suppressed by NoRestartBackoffTimeStrategy Caused by: bad record",
        taskName: null,
        concurrentExceptions: [{ exceptionName: "Error", message: "bad record", taskName: "check (2/2) - execution #0" }],
      },
    ]);
    const beyondHelp = run({}, [], (n) => {
      if (n === 4) throw new SuppressRestartsException(new Error("never again"));
    });
    expect(beyondHelp.exceptions.entries[0].message).toContain("The failure is not recoverable");
  });

  it("a failure of no task is global: too many failed checkpoints", () => {
    const full: Fault = { kind: "system", system: "disk", action: { what: "full" }, when: { kind: "atMs", atMs: START_MS } };
    const outcome = run({}, [full], undefined, { systems: [{ kind: "checkpointStorage", name: "disk" }] });
    expect(outcome.exceptions.entries.at(-1)).toMatchObject({
      exceptionName: "FlinkRuntimeException",
      code: "JOB_CHECKPOINT_FAILED",
      taskName: null,
      taskManager: null,
      failureLabels: { type: "SYSTEM" },
    });
  });

  it("keeps the newest 16, or as many as `web.exception-history-size` says", () => {
    let left = 20;
    const outcome = run({ restartStrategy: { ...FIXED, attempts: 100, delayMs: 10 } }, [], (n) => {
      if (n === 6 && left-- > 0) throw new Error(`${left} left`);
    });
    expect(outcome).toMatchObject({ status: "finished", restarts: 20, exceptions: { truncated: true } });
    expect(outcome.exceptions.entries).toHaveLength(16);
    expect(outcome.exceptions.entries[0].message).toBe("0 left");
    left = 4;
    const small = run({ restartStrategy: { ...FIXED, attempts: 100, delayMs: 10 }, exceptionHistorySize: 2 }, [], (n) => {
      if (n === 6 && left-- > 0) throw new Error(`${left} left`);
    });
    expect(small.exceptions.entries.map(({ message }) => message)).toEqual(["0 left", "1 left"]);
  });

  it("is lost with the job manager", () => {
    let thrown = false;
    const lost: Fault = { kind: "crashJobManager", when: { kind: "atMs", atMs: START_MS + 1700 } };
    const outcome = run({}, [lost], (n) => {
      if (n !== 4 || thrown) return;
      thrown = true;
      throw new Error("before");
    });
    expect(outcome).toMatchObject({ status: "finished", exceptions: { entries: [], truncated: false } });
  });

  it("takes whatever was thrown", () => {
    const recorder = new ExceptionHistoryRecorder(16);
    const named = (cause: unknown) => {
      recorder.failed(taskFailureOf(cause, undefined, undefined), null, 1, true);
      return recorder.history.entries[0];
    };
    expect(named("text")).toMatchObject({ exceptionName: "thrown value", message: 'thrown: "text"' });
    const odd = Object.assign(new Error("odd"), { name: 7 });
    expect(named(odd)).toMatchObject({ exceptionName: "Error" });
    expect(named(new Diagnostic({ code: "X_Y", message: "wrong", phase: "runtime" }))).toMatchObject({
      exceptionName: "Diagnostic",
      code: "X_Y",
      failureLabels: { type: "USER" },
    });
  });
});
