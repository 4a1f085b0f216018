/** What each fault of a world does, one at a time; crashes are everywhere else in this folder. */
import { describe, expect, it, vi } from "vitest";
import { KafkaSink, KafkaSource, json, WatermarkStrategy, type StreamExecutionEnvironment } from "../../src/index.ts";
import type { Fault, RunOutcome } from "../../src/sim.ts";
import { committed, type Row, runJob, sorted, type TestWorld } from "../datastream/run-job.ts";

// Many runs: a second on a free machine, more on a busy one.
vi.setConfig({ testTimeout: 60_000 });

const NUMBERS: readonly Row[] = Array.from({ length: 20 }, (_, n): Row => [n * 100, { n, at: n * 100 }, n % 2]);

interface Sample {
  readonly n: number;
  readonly at: number;
}

/** Two sources feed, over the network, what writes with transactions. */
function describeJob(env: StreamExecutionEnvironment): void {
  const sink = KafkaSink.builder<Sample>()
    .setRecordSerializer(json<Sample>("out"))
    .setDeliveryGuarantee("EXACTLY_ONCE")
    .setTransactionalIdPrefix("tx")
    .build();
  env
    .fromSource(KafkaSource.builder<Sample>().setTopics("numbers").build(), WatermarkStrategy.noWatermarks(), "numbers")
    .rebalance()
    .map((sample) => sample)
    .sinkTo(sink);
}

const SETTINGS = {
  "execution.checkpointing.interval": "300 ms",
  "restart-strategy.type": "fixed-delay",
  "restart-strategy.fixed-delay.attempts": "100",
  "restart-strategy.fixed-delay.delay": "100 ms",
};

const CLUSTER = { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2, configuration: SETTINGS };

function run(faults: readonly Fault[], more: TestWorld = {}): RunOutcome {
  return runJob(describeJob, { input: { numbers: NUMBERS }, partitions: 2, cluster: CLUSTER, faults, ...more });
}

const at = (atMs: number) => ({ kind: "atMs", atMs }) as const;
const EXPECTED = sorted(committed(run([])));

/** When each number came into the log, from a recording of what the sources read. */
function readTimes(outcome: RunOutcome, partition: number): number[] {
  const times: number[] = [];
  for (const event of outcome.recording?.events ?? []) if (event.kind === "read" && event.partition === partition) times.push(event.t);
  return times;
}

describe("configuration of the cluster", () => {
  it("counts where the program says nothing", () => {
    expect(run([]).completedCheckpoints).toBeGreaterThan(3);
    // Only the savepoint with which a drained job ends.
    expect(run([], { cluster: { ...CLUSTER, configuration: {} } }).completedCheckpoints).toBe(1);
  });

  it("gives way to the program", () => {
    const outcome = runJob(
      (env) => {
        env.enableCheckpointing(60_000);
        describeJob(env);
      },
      { input: { numbers: NUMBERS }, partitions: 2, cluster: CLUSTER },
    );
    expect(outcome.completedCheckpoints).toBe(1);
  });
});

describe("breakConnection", () => {
  it("SIM-2: fails the tasks that read over it, and nothing is lost or doubled", () => {
    const outcome = run([{ kind: "breakConnection", from: 0, to: 1, when: at(1050) }]);
    expect(outcome.restarts).toBe(1);
    expect(outcome.faults).toEqual({ breakConnection: 1 });
    expect(sorted(committed(outcome))).toEqual(EXPECTED);
  });

  it("has nothing to break on one machine", () => {
    expect(run([{ kind: "breakConnection", from: 1, to: 1, when: at(1050) }]).restarts).toBe(0);
  });

  it("names its cause", () => {
    const configuration = { ...SETTINGS, "restart-strategy.type": "none" };
    const outcome = run([{ kind: "breakConnection", from: 0, to: 1, when: at(1050) }], { cluster: { ...CLUSTER, configuration } });
    expect(outcome.failure).toMatchObject({ code: "JOB_CONNECTION_LOST" });
    expect(outcome.failure?.message).toContain("Connection unexpectedly closed by remote task manager");
  });
});

describe("slowConnection", () => {
  it("SIM-2: makes records and barriers late, across restarts, and changes no result", () => {
    const slow: Fault = { kind: "slowConnection", from: 0, to: 1, latencyMs: 400, forMs: 5000, when: at(0) };
    for (const faults of [[slow], [slow, { kind: "crashTaskManager", taskManager: 0, when: at(1050) } satisfies Fault]]) {
      const outcome = run(faults);
      expect(sorted(committed(outcome))).toEqual(EXPECTED);
      expect(outcome.endMs).toBeGreaterThan(run(faults.slice(1)).endMs + 300);
    }
  });
});

describe("silentPartition", () => {
  it("SIM-3: holds back what comes for a partition and then sends it in order", () => {
    const record = (faults: readonly Fault[]) => {
      const outcome = runJobRecorded(faults);
      expect(sorted(committed(outcome))).toEqual(EXPECTED);
      return readTimes(outcome, 1);
    };
    const silent = record([{ kind: "silentPartition", topic: "numbers", partition: 1, forMs: 1000, when: at(450) }]);
    expect(silent.filter((time) => time > 450 && time < 1450)).toEqual([]);
    expect(silent).toHaveLength(10);
    expect(silent.filter((time) => time >= 1450 && time < 1490)).toHaveLength(5);
  });

  it("keeps a drained job waiting for what is held back", () => {
    const outcome = run([{ kind: "silentPartition", topic: "numbers", partition: 0, forMs: 60_000, when: at(1000) }]);
    expect(sorted(committed(outcome))).toEqual(EXPECTED);
    expect(outcome.endMs).toBeGreaterThanOrEqual(61_000);
  });
});

describe("clockAhead", () => {
  it("SIM-3: shifts timestamps, and the field that the producer fills from its clock, for a time", () => {
    const outcome = run([{ kind: "clockAhead", topic: "numbers", partition: 1, byMs: 5000, forMs: 600, field: "at", when: at(500) }]);
    const rows = committed(outcome) as Sample[];
    const shifted = rows.filter(({ n, at: atMs }) => atMs === n * 100 + 5000).map(({ n }) => n);
    expect(shifted.sort((a, b) => a - b)).toEqual([5, 7, 9]);
    expect(rows.filter(({ n, at: atMs }) => atMs === n * 100)).toHaveLength(17);
  });

  it("does not touch what was due before and comes late", () => {
    const rows = committed(
      run([
        { kind: "silentPartition", topic: "numbers", partition: 1, forMs: 1000, when: at(250) },
        { kind: "clockAhead", topic: "numbers", partition: 1, byMs: 5000, forMs: 5000, field: "at", when: at(800) },
      ]),
    ) as Sample[];
    expect(
      rows
        .filter(({ at: atMs }) => atMs >= 5000)
        .map(({ n }) => n)
        .sort((a, b) => a - b),
    ).toEqual([9, 11, 13, 15, 17, 19]);
  });
});

describe("the end of faults", () => {
  it("SIM-4: nothing strikes from then on, whatever it waited for", () => {
    const faults: readonly Fault[] = [
      { kind: "crashTaskManager", taskManager: 0, when: at(1500) },
      { kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records: 18 } },
      { kind: "crashJobManager", when: { kind: "checkpoint", checkpoint: 6, step: "acked" } },
    ];
    expect(run(faults, { faultsEndMs: 1400 })).toMatchObject({ restarts: 0, faults: {} });
    expect(run(faults).restarts).toBeGreaterThan(1);
  });
});

function runJobRecorded(faults: readonly Fault[]): RunOutcome {
  return runJob(describeJob, { input: { numbers: NUMBERS }, partitions: 2, cluster: CLUSTER, faults }, { record: true });
}
