import { describe, expect, it } from "vitest";
import {
  type Collector,
  Configuration,
  EmbeddedRocksDBStateBackend,
  HashMapStateBackend,
  json,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type StateBackend,
  type StreamExecutionEnvironment,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../src/index.ts";
import type { RunOptions, RunOutcome, World } from "../../src/sim.ts";
import { committed, type Row, runJob, sorted } from "./run-job.ts";

interface Visit {
  readonly user: number;
}

/** Counts visits per user. */
class Visits extends KeyedProcessFunction<number, Visit, { user: number; count: number }> {
  private visits!: ValueState<{ count: number }>;

  override open(): void {
    this.visits = this.getRuntimeContext().getState(new ValueStateDescriptor<{ count: number }>("visits"));
  }

  processElement({ user }: Visit, _ctx: KeyedProcessContext<number>, out: Collector<{ user: number; count: number }>): void {
    const visits = this.visits.value() ?? { count: 0 };
    visits.count++;
    this.visits.update(visits);
    out.collect({ user, count: visits.count });
  }
}

/** Two thousand users come in the first seconds, and then a few of them again and again. */
const VISITS: Row[] = [
  ...Array.from({ length: 2000 }, (_, n): Row => [n, { user: n }]),
  ...Array.from({ length: 40 }, (_, n): Row => [4000 + n * 100, { user: n % 10 }]),
];

function run(
  backend: StateBackend,
  settings: Record<string, string> = {},
  end: World["end"] = { kind: "drain" },
  options?: RunOptions,
): RunOutcome {
  return runJob(
    (env: StreamExecutionEnvironment) => {
      env.setStateBackend(backend).enableCheckpointing(1000).configure(Configuration.fromMap(settings));
      env
        .fromSource(KafkaSource.builder<Visit>().setTopics("visits").build(), WatermarkStrategy.noWatermarks<Visit>(), "visits")
        .keyBy(({ user }) => user)
        .process(new Visits())
        .sinkTo(KafkaSink.builder<{ user: number; count: number }>().setRecordSerializer(json("out")).build());
    },
    { input: { visits: VISITS }, cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 }, end },
    options,
  );
}

/** Before its end, which is a savepoint, and so owns all of its files. */
const CANCELLED: World["end"] = { kind: "cancel", atMs: 5900 };

describe("state backends", () => {
  it("give the same results", () => {
    const expected = sorted(committed(run(new HashMapStateBackend())));
    expect(expected).toHaveLength(2040);
    const variants: Record<string, string>[] = [
      {},
      { "state.backend.rocksdb.writebuffer.size": "2kb" },
      { "execution.checkpointing.incremental": "true" },
    ];
    for (const settings of variants) {
      expect(sorted(committed(run(new EmbeddedRocksDBStateBackend(), settings)))).toEqual(expected);
    }
  });

  it("store all of a checkpoint, or, with incremental ones, what is new", () => {
    const sizes = (backend: StateBackend, settings?: Record<string, string>) => {
      const { lastCheckpointSize, lastCheckpointFullSize } = run(backend, settings, CANCELLED).metrics.job as Record<string, number>;
      return { stored: lastCheckpointSize, full: lastCheckpointFullSize };
    };
    const heap = sizes(new HashMapStateBackend());
    const full = sizes(new EmbeddedRocksDBStateBackend());
    const incremental = sizes(new EmbeddedRocksDBStateBackend(true));
    expect(heap.stored).toBe(heap.full);
    expect(full.stored).toBe(full.full);
    expect(incremental.full).toBeGreaterThan(20_000);
    expect(incremental.stored).toBeLessThan(incremental.full * 0.05);
    expect(sizes(new EmbeddedRocksDBStateBackend(), { "state.backend.incremental": "true" })).toEqual(incremental);
  });

  it("can be exchanged by a savepoint", () => {
    const first = (backend: StateBackend) =>
      run(backend, {}, { kind: "stop", atMs: 3900 }, { keepSavepoint: true }).savepoint as NonNullable<RunOutcome["savepoint"]>;
    const kinds: readonly StateBackend[] = [new HashMapStateBackend(), new EmbeddedRocksDBStateBackend(true)];
    const results = kinds.flatMap((before) => {
      const savepoint = first(before);
      return kinds.map((after) => sorted(committed(run(after, {}, { kind: "drain" }, { startFrom: { savepoint } }))));
    });
    expect(results[0]).toHaveLength(40);
    expect(results[0]).toContain(JSON.stringify({ user: 3, count: 5 }));
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it("build on a savepoint's files only when it is the job's own", () => {
    const backend = new EmbeddedRocksDBStateBackend(true);
    const end = { kind: "stop", atMs: 3900, savepointFormat: "native" } as const;
    const savepoint = run(backend, {}, end, { keepSavepoint: true }).savepoint as NonNullable<RunOutcome["savepoint"]>;
    const stored = (claimMode: "CLAIM" | "NO_CLAIM") => {
      const { completedCheckpoints, metrics } = run(backend, {}, { kind: "cancel", atMs: 1500 }, { startFrom: { savepoint, claimMode } });
      expect(completedCheckpoints).toBe(1);
      return Number(metrics.job["lastCheckpointSize"]) / Number(metrics.job["lastCheckpointFullSize"]);
    };
    expect(stored("NO_CLAIM")).toBe(1);
    expect(stored("CLAIM")).toBeLessThan(0.05);
  });

  it("say on request what each key group has, and had at most", () => {
    const { keyGroupSizes, stateSizes } = run(new EmbeddedRocksDBStateBackend(), {}, CANCELLED, { measureKeyGroups: true });
    const visits = keyGroupSizes.filter(({ stateName }) => stateName === "visits");
    expect(visits).toHaveLength(128);
    expect(visits.reduce((sum, { entries }) => sum + entries, 0)).toBe(2000);
    expect(visits.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(stateSizes.find(({ stateName }) => stateName === "visits")?.bytes);
    expect(visits.every(({ bytes, peakBytes }) => bytes > 0 && peakBytes >= bytes)).toBe(true);
    expect(run(new HashMapStateBackend()).keyGroupSizes).toEqual([]);
  });

  it("say what the log-structured one does, under Flink's names, when that is turned on", () => {
    const settings = Object.fromEntries(
      ["estimate-num-keys", "live-sst-files-size", "bytes-written"].map((name) => [`state.backend.rocksdb.metrics.${name}`, "true"]),
    );
    const metrics = run(new EmbeddedRocksDBStateBackend(), settings).metrics.subtasks.flatMap(({ operators }) =>
      operators.flatMap((operator) => Object.entries(operator.metrics).filter(([name]) => name.includes("rocksdb"))),
    );
    const sum = (wanted: string) => metrics.reduce((total, [name, value]) => (name === wanted ? total + Number(value) : total), 0);
    expect(new Set(metrics.map(([name]) => name)).size).toBe(3);
    expect(sum("column_family.visits.rocksdb.estimate-num-keys")).toBeGreaterThanOrEqual(2000);
    expect(sum("column_family.visits.rocksdb.live-sst-files-size")).toBeGreaterThan(20_000);
    expect(sum("rocksdb.bytes-written")).toBeGreaterThan(20_000);
  });

  it("are chosen by configuration, under their names of today and of yesterday", () => {
    for (const name of ["rocksdb", "forst"]) {
      expect(run(new HashMapStateBackend(), { "state.backend.type": name }).metrics.job).toEqual(
        run(new EmbeddedRocksDBStateBackend()).metrics.job,
      );
    }
    expect(run(new HashMapStateBackend(), { "state.backend.rocksdb.writebuffer.size": "much" }).failure?.message).toMatch(
      /Could not parse value "much" for key "state.backend.rocksdb.writebuffer.size"/,
    );
  });
});
