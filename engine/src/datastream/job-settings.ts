import type { ClusterDefaults, JobConfig } from "../graph/stream-graph.ts";

/**
 * How checkpoints treat records that overtake the barrier: EXACTLY_ONCE (default) aligns, AT_LEAST_ONCE does not.
 * (Flink: docs/dev/datastream/fault-tolerance/checkpointing)
 */
export const CheckpointingMode = { EXACTLY_ONCE: "EXACTLY_ONCE", AT_LEAST_ONCE: "AT_LEAST_ONCE" } as const;
export type CheckpointingMode = (typeof CheckpointingMode)[keyof typeof CheckpointingMode];

/** Flink 2.3's defaults for everything a program does not set. */
export function defaultJobConfig(defaults: ClusterDefaults): JobConfig {
  return {
    parallelism: defaults.parallelism,
    maxParallelism: undefined,
    chainingEnabled: true,
    objectReuse: false,
    autoWatermarkIntervalMs: 200,
    stateBackend: "hashmap",
    checkpointIntervalMs: undefined,
    checkpointingMode: "EXACTLY_ONCE",
    checkpointTimeoutMs: 600_000,
    minPauseMs: 0,
    maxConcurrentCheckpoints: 1,
    tolerableFailedCheckpoints: 0,
    restartStrategy: undefined,
  };
}
