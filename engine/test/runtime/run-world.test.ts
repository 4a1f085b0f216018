import { describe, expect, it } from "vitest";
import { DataGeneratorSource } from "../../src/connectors/generator-source.ts";
import type { Source } from "../../src/flow/connector.ts";
import { StreamFlatMap } from "../../src/operators/stream-flat-map.ts";
import { KeyedProcessOperator } from "../../src/operators/keyed-process-operator.ts";
import type { RecordingEvent } from "../../src/sim/recording/events.ts";
import type { RunOutcome } from "../../src/sim/outcome.ts";
import { runWorld } from "../../src/sim/run.ts";
import { DEFAULT_LIMITS, type Fault, type World } from "../../src/sim/world.ts";
import { type Click, clicks, FinalSum } from "../simulation/jobs.ts";
import { arrival, type JobBuilder, keyed, program, START_MS, type Stream, world } from "./job-kit.ts";

interface Numbered {
  readonly n: number;
}

const NUMBERS = Array.from({ length: 20 }, (_, n) => arrival(n * 100, { n }, n % 2));

function numbers(more: Partial<World> = {}): World {
  return world({ in: { partitions: 2, arrivals: NUMBERS }, out: { partitions: 1 } }, more);
}

function values(outcome: RunOutcome, which: "committed" | "all" = "committed"): number[] {
  const records = outcome.topics.find(({ name }) => name === "out")?.records ?? [];
  return records
    .filter((record) => which === "all" || record.committedAtMs !== null)
    .map((record) => (record.value as Numbered).n)
    .sort((a, b) => a - b);
}

const ALL = NUMBERS.map((_, n) => n);

/** in → map → out. `act` may throw. */
function copy(act: (value: Numbered) => void = () => {}, guarantee: "EXACTLY_ONCE" | "AT_LEAST_ONCE" = "EXACTLY_ONCE") {
  return (job: JobBuilder) => {
    const mapped = job.map(job.kafka("in"), (value: Numbered) => {
      act(value);
      return value;
    });
    job.kafkaSink(mapped, "out", guarantee);
  };
}

const eventsOf = <K extends RecordingEvent["kind"]>(outcome: RunOutcome, kind: K) =>
  (outcome.recording?.events ?? []).filter((event): event is Extract<RecordingEvent, { kind: K }> => event.kind === kind);

describe("the end of a world", () => {
  it("drain reads everything, sends the last watermark, commits with a savepoint", () => {
    const outcome = runWorld(program({ checkpointIntervalMs: 500 }, copy()), numbers(), { record: true });
    expect(outcome).toMatchObject({ status: "finished", failure: null, restarts: 0 });
    expect(outcome.endMs - START_MS).toBeGreaterThanOrEqual(1900);
    expect(outcome.endMs - START_MS).toBeLessThan(1920);
    expect(values(outcome)).toEqual(ALL);
    expect(eventsOf(outcome, "watermark").at(-1)?.watermarkMs).toBe(2 ** 63);
    expect(
      eventsOf(outcome, "checkpoint")
        .filter(({ what }) => what === "triggered")
        .at(-1)?.reason,
    ).toBe("savepoint");
    expect(eventsOf(outcome, "job").map(({ what }) => what)).toEqual(["running", "finished"]);
  });

  it("drain commits also when the job does not checkpoint", () => {
    expect(values(runWorld(program({}, copy()), numbers()))).toEqual(ALL);
  });

  it("stop commits what was read until then and fires nothing", () => {
    const outcome = runWorld(program({ checkpointIntervalMs: 10_000 }, copy()), numbers({ end: { kind: "stop", atMs: START_MS + 950 } }), {
      record: true,
    });
    expect(outcome.status).toBe("finished");
    expect(values(outcome)).toEqual(ALL.slice(0, 10));
    expect(eventsOf(outcome, "watermark")).toEqual([]);
  });

  it("cancel leaves the open transaction open", () => {
    const outcome = runWorld(program({ checkpointIntervalMs: 10_000 }, copy()), numbers({ end: { kind: "cancel", atMs: START_MS + 950 } }));
    expect(outcome).toMatchObject({ status: "finished", endMs: START_MS + 950 });
    expect(values(outcome)).toEqual([]);
    expect(values(outcome, "all")).toEqual(ALL.slice(0, 10));
  });

  it("a bounded job ends by itself; the last committables wait for the next checkpoint", () => {
    const bounded = (checkpointIntervalMs?: number) =>
      program({ checkpointIntervalMs }, (job) => {
        const source = job.source(new DataGeneratorSource((n) => ({ n }), 20) as unknown as Source<unknown>, undefined, { parallelism: 2 });
        job.kafkaSink(source, "out", "EXACTLY_ONCE");
      });
    const never = numbers({ end: { kind: "cancel", atMs: START_MS + 3_600_000 } });
    const checkpointed = runWorld(bounded(60_000), never);
    expect(values(checkpointed)).toEqual(ALL);
    expect(checkpointed.completedCheckpoints).toBe(1);
    expect(checkpointed.endMs).toBeLessThan(START_MS + 61_000);
    expect(values(runWorld(bounded(), never))).toEqual(ALL);
  });
});

describe("failures", () => {
  it("without checkpointing an exception fails the job, told with operator, record and time", () => {
    const failing = copy((value) => {
      if (value.n === 7) throw new TypeError("seven");
    });
    const outcome = runWorld(program({}, failing), numbers());
    expect(outcome.status).toBe("failed");
    expect(outcome.failure).toMatchObject({
      code: "JOB_USER_EXCEPTION",
      message: "TypeError: seven",
      operator: "map",
      record: '{"n":7}',
      atMs: START_MS + 700,
    });
  });

  it("an exception in open, in a timer or in module code is a failure too", () => {
    class ThrowsInTimer extends FinalSum {
      override onTimer(): void {
        throw new Error("in timer");
      }
    }
    const click: Click = { user: "u", n: 1, atMs: START_MS };
    const timerWorld = world({ clicks: { partitions: 1, arrivals: [arrival(1, click)] }, out: { partitions: 1 } });
    const inTimer = program({}, (job) =>
      job.kafkaSink(
        job.one(clicks(job), () => new KeyedProcessOperator(new ThrowsInTimer()), { name: "sum" }),
        "out",
        "AT_LEAST_ONCE",
      ),
    );
    const failure = runWorld(inTimer, timerWorld).failure;
    expect(failure).toMatchObject({ message: "in timer", operator: "sum" });
    expect(failure?.record).toBeUndefined();

    let evaluations = 0;
    const inModule = program({}, (job) => {
      if (++evaluations > 2) throw new Error("in module");
      copy()(job);
    });
    expect(runWorld(inModule, numbers()).failure?.message).toBe("in module");
  });

  it("a mistake found while the graph is built rejects the program", () => {
    const unknownTopic = runWorld(
      program({}, (job) => job.kafkaSink(job.kafka("nowhere"), "out", "AT_LEAST_ONCE")),
      numbers(),
    );
    expect(unknownTopic).toMatchObject({ status: "failed", failure: { code: "KAFKA_UNKNOWN_TOPIC" } });
    expect(
      runWorld(
        program({}, () => {}),
        numbers(),
      ),
    ).toMatchObject({ status: "rejected", failure: { code: "GRAPH_NO_OPERATORS" } });
    const tooWide = runWorld(program({ parallelism: 5 }, copy()), numbers());
    // As in Flink (recorded: error-no-slots), the job waits for slots and fails after slot.request.timeout.
    expect(tooWide).toMatchObject({ status: "failed", failure: { code: "GRAPH_NOT_ENOUGH_SLOTS", atMs: tooWide.endMs } });
    const throwing = program({}, () => {
      throw new Error("while building");
    });
    expect(runWorld(throwing, numbers())).toMatchObject({ status: "rejected", failure: { message: "while building" } });
  });

  it("a program that builds another job each time is told so", () => {
    let evaluations = 0;
    const fickle = program({}, (job) => {
      const mapped = job.map(job.kafka("in"), (value: Numbered) => value, { name: `map ${evaluations++}` });
      job.kafkaSink(mapped, "out", "AT_LEAST_ONCE");
    });
    expect(runWorld(fickle, numbers())).toMatchObject({
      status: "failed",
      failure: { code: "GRAPH_NOT_REPEATABLE", diagnostic: { expected: 'operator 2 "map 0" (oneInput reading 1)' } },
    });
  });

  it("with checkpointing the job restarts from the last checkpoint and goes on", () => {
    let failures = 0;
    const once = copy((value) => {
      if (value.n === 15 && failures++ === 0) throw new Error("once");
    });
    const outcome = runWorld(program({ checkpointIntervalMs: 400 }, once), numbers(), { record: true });
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(values(outcome)).toEqual(ALL);
    expect(eventsOf(outcome, "job").map(({ what }) => what)).toEqual(["running", "failing", "restarting", "running", "finished"]);
    expect(eventsOf(outcome, "read").some(({ replay }) => replay)).toBe(true);
  });

  it("with a strategy but without checkpoints a restart begins from scratch", () => {
    let failures = 0;
    const once = copy((value) => {
      if (value.n === 15 && failures++ === 0) throw new Error("once");
    }, "AT_LEAST_ONCE");
    const outcome = runWorld(program({ restartStrategy: { kind: "fixedDelay", attempts: 3, delayMs: 10 } }, once), numbers());
    expect(outcome.status).toBe("finished");
    expect(values(outcome)).toEqual([...ALL.slice(0, 15).flatMap((n) => [n, n]), ...ALL.slice(15)]);
  });

  it("fields of a function do not survive, module variables are not shared between subtasks", () => {
    const seen: number[] = [];
    const counting = program({ parallelism: 2 }, (job) => {
      let moduleCounter = 0;
      const counted = job.map(job.kafka("in"), (value: Numbered) => {
        seen.push(++moduleCounter);
        return value;
      });
      job.kafkaSink(counted, "out", "AT_LEAST_ONCE");
    });
    runWorld(counting, numbers());
    expect(Math.max(...seen)).toBe(10);
  });
});

describe("faults", () => {
  const steps = ["triggered", "barrier", "acked", "completed", "committed"] as const;
  const crash = (fault: Omit<Fault & { kind: "crashTaskManager" }, "kind" | "taskManager">): Fault => ({
    kind: "crashTaskManager",
    taskManager: 0,
    ...fault,
  });

  it.each(steps)("a crash when checkpoint 2 is %s neither loses nor doubles", (step) => {
    const faults = [crash({ when: { kind: "checkpoint", checkpoint: 2, step } })];
    const outcome = runWorld(program({ checkpointIntervalMs: 400, parallelism: 2 }, copy()), numbers({ faults }), { record: true });
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(values(outcome)).toEqual(ALL);
    const restored = eventsOf(outcome, "checkpoint").find(({ what }) => what === "restored");
    expect(restored?.checkpoint).toBe(step === "completed" || step === "committed" ? 2 : 1);
  });

  it("strikes at a time and after a number of records", () => {
    const faults = [crash({ when: { kind: "atMs", atMs: START_MS + 450 } }), crash({ when: { kind: "afterRecords", records: 12 } })];
    const outcome = runWorld(program({ checkpointIntervalMs: 300 }, copy()), numbers({ faults }), { record: true });
    expect(eventsOf(outcome, "fault").map(({ t }) => t)[0]).toBe(START_MS + 450);
    expect(outcome).toMatchObject({ status: "finished", restarts: 2 });
    expect(values(outcome)).toEqual(ALL);
  });

  it("a task manager that runs nothing of the job can die unnoticed", () => {
    const faults: Fault[] = [{ kind: "crashTaskManager", taskManager: 1, when: { kind: "atMs", atMs: START_MS + 450 } }];
    expect(runWorld(program({}, copy()), numbers({ faults }))).toMatchObject({ status: "finished", restarts: 0 });
  });

  it("losing a task manager fails a job that does not checkpoint", () => {
    const faults = [crash({ when: { kind: "atMs", atMs: START_MS + 450 } })];
    const outcome = runWorld(program({}, copy()), numbers({ faults }));
    expect(outcome).toMatchObject({ status: "failed", failure: { code: "JOB_TASK_MANAGER_LOST" } });
  });

  it("losing the job manager restarts the job from the last checkpoint, whatever the restart strategy", () => {
    const faults: Fault[] = [{ kind: "crashJobManager", when: { kind: "checkpoint", checkpoint: 2, step: "completed" } }];
    const config = { checkpointIntervalMs: 400, restartStrategy: { kind: "none" } } as const;
    const outcome = runWorld(program(config, copy()), numbers({ faults }));
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(values(outcome)).toEqual(ALL);
  });
});

describe("limits", () => {
  const limits = (more: Partial<World["limits"]>) => numbers({ limits: { ...DEFAULT_LIMITS, ...more } });

  it("restarts: a record that can never be processed", () => {
    const poison = copy((value) => {
      if (value.n === 3) throw new Error("poison");
    });
    const outcome = runWorld(program({ checkpointIntervalMs: 400 }, poison), limits({ maxRestarts: 5 }));
    expect(outcome).toMatchObject({ status: "limit", failure: { code: "LIMIT_RESTARTS", operator: "map", record: '{"n":3}' } });
    expect(outcome.failure?.message).toContain("poison");
  });

  it("output: in the middle of an operator that never stops", () => {
    const flood = (job: JobBuilder) => {
      const endless = job.one(
        job.kafka("in"),
        () =>
          new StreamFlatMap<unknown, unknown>((_value, out) => {
            for (let n = 0; ; n++) out.collect({ n });
          }),
        { name: "flood" },
      );
      job.kafkaSink(endless, "out", "AT_LEAST_ONCE");
    };
    const outcome = runWorld(program({}, flood), limits({ maxOutputRecords: 100 }));
    expect(outcome).toMatchObject({ status: "limit", failure: { code: "LIMIT_OUTPUT" } });
    expect(values(outcome).length).toBe(101);
  });

  it("steps and virtual time", () => {
    expect(runWorld(program({}, copy()), limits({ maxSteps: 10 })).failure?.code).toBe("LIMIT_STEPS");
    const forever = { ...limits({ maxVirtualMs: 1000 }), end: { kind: "stop", atMs: START_MS + 10_000 } } as const;
    expect(runWorld(program({ checkpointIntervalMs: 100 }, copy()), forever).failure?.code).toBe("LIMIT_VIRTUAL_TIME");
  });
});

describe("streams", () => {
  it("a union reads all its inputs, a broadcast reaches every subtask, records never share objects", () => {
    const received = new Map<object, number>();
    const outcome = runWorld(
      program({ parallelism: 2 }, (job) => {
        const all: Stream = { ...job.map(job.kafka("in"), (value: Numbered) => value), partitioning: { kind: "broadcast" } };
        const again: Stream = {
          ...job.map(job.kafka("in"), (value: Numbered) => ({ n: value.n + 100 })),
          partitioning: { kind: "rebalance" },
        };
        const both = job.map([all, again], (value: Numbered) => {
          received.set(value, (received.get(value) ?? 0) + 1);
          return value;
        });
        job.kafkaSink(both, "out", "AT_LEAST_ONCE");
      }),
      numbers(),
    );
    expect(values(outcome)).toEqual([...ALL.flatMap((n) => [n, n]), ...ALL.map((n) => n + 100)]);
    expect(Math.max(...received.values())).toBe(1);
  });

  it("branches of one chain do not see what the other changes", () => {
    const seen: number[] = [];
    runWorld(
      program({}, (job) => {
        const source = job.map(job.kafka("in"), (value: Numbered) => ({ ...value }));
        const changing = job.map(source, (value: { n: number }) => {
          value.n = -1;
          return value;
        });
        const looking = job.map(source, (value: Numbered) => {
          seen.push(value.n);
          return value;
        });
        job.kafkaSink(changing, "out", "AT_LEAST_ONCE");
        job.kafkaSink(looking, "out", "AT_LEAST_ONCE");
      }),
      numbers(),
    );
    expect([...seen].sort((a, b) => a - b)).toEqual(ALL);
  });

  it("a slow sink holds its source back, and virtual time shows it", () => {
    const rush = Array.from({ length: 400 }, (_, n) => arrival(1, { n }));
    const slow = world({ in: { partitions: 1, arrivals: rush }, out: { partitions: 1 } }, { costsUs: { out: 40_000 } });
    const outcome = runWorld(
      program({}, (job) =>
        job.kafkaSink(
          keyed(job.kafka("in"), (value: Numbered) => value.n),
          "out",
          "AT_LEAST_ONCE",
        ),
      ),
      slow,
    );
    expect(values(outcome)).toHaveLength(400);
    expect(outcome.endMs - START_MS).toBeGreaterThanOrEqual(400 * 40);
    expect(outcome.counters["accumulateBusyTimeMs"]).toBeGreaterThanOrEqual(400 * 40);
    expect(outcome.counters["accumulateBackPressuredTimeMs"]).toBeGreaterThan(300 * 40);
    expect(outcome.counters["numRecordsIn"]).toBe(800);
  });

  it("throughput mode gives the same result", () => {
    const outcome = runWorld(program({ checkpointIntervalMs: 400, parallelism: 2 }, copy()), numbers({ costsUs: { "*": 0 } }));
    expect(values(outcome)).toEqual(ALL);
  });

  it("a quiet month costs nothing", () => {
    const far = [arrival(0, { n: 0 }), arrival(29 * 24 * 3_600_000, { n: 1 })];
    const quiet = world({
      clicks: { partitions: 1, arrivals: far.map((one) => ({ ...one, value: { user: "u", n: 1, atMs: one.atMs } })) },
      out: { partitions: 1 },
    });
    const outcome = runWorld(
      program({}, (job) => job.kafkaSink(clicks(job), "out", "AT_LEAST_ONCE")),
      { ...quiet, limits: { ...DEFAULT_LIMITS, maxSteps: 2000 } },
    );
    expect(outcome.status).toBe("finished");
  });

  it("bounds the recording", () => {
    const outcome = runWorld(program({}, copy()), numbers(), { record: true, maxRecordingEvents: 10 });
    expect(outcome.recording?.events).toHaveLength(10);
    expect(outcome.recording?.truncated).toBe(true);
  });
});
