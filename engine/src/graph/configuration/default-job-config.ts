import type { ClusterDefaults, JobConfig } from "../stream-graph.ts";

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
