import type { Fault } from "../../src/sim.ts";
import type { WorldVariation } from "./world.ts";

/** One way of running a program that must not change its result. */
export interface Variation {
  readonly name: string;
  readonly world: WorldVariation;
  /** Configuration keys, as `env.configure` takes them. */
  readonly settings: Readonly<Record<string, string>>;
  /** The run is interrupted and goes on from a checkpoint. */
  readonly restarts: boolean;
}

const parallel = (parallelism: number): WorldVariation => ({ cluster: { parallelism } });

function variation(name: string, world: WorldVariation, settings: Readonly<Record<string, string>> = {}): Variation {
  return { name, world, settings, restarts: (world.faults ?? []).length > 0 };
}

/** What all others are compared with: one subtask per operator, nothing broken. */
export const BASELINE = variation("one subtask", {});

const UNCHAINED = { "pipeline.operator-chaining.enabled": "false" };

const ROCKSDB = { "state.backend.type": "rocksdb" };

const SMALL_TABLES = {
  ...ROCKSDB,
  "execution.checkpointing.incremental": "true",
  "state.backend.rocksdb.writebuffer.size": "300b",
  "state.backend.rocksdb.compaction.level.target-file-size-base": "300b",
  "state.backend.rocksdb.compaction.level.max-size-level-base": "1kb",
  "state.backend.rocksdb.use-bloom-filter": "true",
};

const UNALIGNED = { "execution.checkpointing.unaligned.enabled": "true", "execution.checkpointing.unaligned.forced": "true" };

export const VARIATIONS: readonly Variation[] = [
  ...[2, 3, 4].map((parallelism) => variation(`parallelism ${parallelism}`, parallel(parallelism))),
  variation("no chaining", {}, UNCHAINED),
  variation("no chaining, parallelism 3", parallel(3), UNCHAINED),
  variation("objects handed on", parallel(2), { "pipeline.object-reuse": "true" }),
  variation("values copied between all operators", parallel(2), { ...UNCHAINED, "pipeline.object-reuse": "false" }),
  variation("state backend rocksdb", parallel(2), ROCKSDB),
  variation("rocksdb, many small tables, incremental checkpoints", parallel(3), SMALL_TABLES),
  variation("max parallelism 4", parallel(4), { "pipeline.max-parallelism": "4" }),
  variation("channels of 2", { cluster: { parallelism: 3, channelCapacity: 2 } }),
  variation("no costs: large batches", { ...parallel(2), costsUs: { "*": 0 } }),
  variation("slow operators", { ...parallel(2), costsUs: { "*": 3000 } }),
  variation("watermarks every 20 ms", parallel(2), { "pipeline.auto-watermark-interval": "20 ms" }),
  variation("another order of events", { ...parallel(3), seed: 7 }),
  variation("at-least-once barriers", parallel(3), { "execution.checkpointing.mode": "AT_LEAST_ONCE" }),
  variation("unaligned barriers, short channels", { cluster: { parallelism: 3, channelCapacity: 3 }, costsUs: { "*": 2000 } }, UNALIGNED),
  variation(
    "unaligned barriers, crashes around checkpoints",
    { cluster: { parallelism: 3, channelCapacity: 3 }, costsUs: { "*": 2000 }, faults: crashesAroundCheckpoints() },
    { ...UNALIGNED, ...UNCHAINED },
  ),
  variation(
    "barriers with a timeout, crash after every 11th record",
    { cluster: { parallelism: 2, channelCapacity: 2 }, costsUs: { "*": 2000 }, faults: crashesEvery(11, 8) },
    { ...UNALIGNED, "execution.checkpointing.aligned-checkpoint-timeout": "5 ms" },
  ),
  variation("crash after every 9th record", { ...parallel(2), faults: crashesEvery(9, 12) }),
  variation("crash after every 23rd record, parallelism 4, no chaining", { ...parallel(4), faults: crashesEvery(23, 6) }, UNCHAINED),
  variation("crashes around checkpoints", { ...parallel(3), faults: crashesAroundCheckpoints() }),
  variation("rocksdb, crash after every 9th record", { ...parallel(2), faults: crashesEvery(9, 12) }, ROCKSDB),
  variation("rocksdb, small tables, crashes around checkpoints", { ...parallel(3), faults: crashesAroundCheckpoints() }, SMALL_TABLES),
];

/**
 * With a checkpoint every other second, each crash throws the job back by some records, and it goes on. The job manager, which takes five
 * seconds to come back, dies only once: a slot's records must be done with before the slot ends.
 */
function crashesEvery(records: number, times: number): Fault[] {
  return Array.from({ length: times }, (_, index): Fault => {
    const when = { kind: "afterRecords", records: records * (index + 1) } as const;
    return index === 2 ? { kind: "crashJobManager", when } : { kind: "crashTaskManager", taskManager: index % 2, when };
  });
}

function crashesAroundCheckpoints(): Fault[] {
  const steps = ["triggered", "barrier", "acked", "completed", "committed"] as const;
  return steps.map(
    (step, index): Fault => ({
      kind: "crashTaskManager",
      taskManager: index % 2,
      when: { kind: "checkpoint", checkpoint: 4 + index * 7, step },
    }),
  );
}
