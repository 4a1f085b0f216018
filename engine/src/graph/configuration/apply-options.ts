/** Carries options, as they stand under their keys, over into a job's settings. (Flink: docs/deployment/config) */
import { Diagnostic } from "../../base/diagnostic.ts";
import { ROCKSDB_METRICS } from "../../flow/metrics/rocksdb-metrics.ts";
import type { LsmOptions } from "../../state/lsm/lsm-options.ts";
import type { JobConfig, RestartStrategy } from "../stream-graph.ts";
import { fallbackKeysOf } from "./known-options.ts";
import { parseMemorySize } from "./memory-size.ts";
import { runtimeModeOf } from "./runtime-execution-mode.ts";
import { parseTimeText, type TimeLike, timeMs } from "./time-like.ts";
import { wholeNumber } from "./whole-number.ts";

/** What an option may be set to: a text as in a configuration file, or a value of its type. */
export type ConfigValue = string | number | boolean | { toMillis(): number };

/** Flink refuses shorter checkpoint intervals. */
export const MIN_CHECKPOINT_INTERVAL_MS = 10;

/** `taskmanager.network.adaptive-partitioner.max-traverse-size` */
const DEFAULT_TRAVERSES = 4;

/**
 * Carries over what is set; what is not set stays as it is in `config`. An option counts under its older keys too.
 *
 * @param setting what stands under a key
 * @throws Diagnostic JOB_BAD_CONFIG_VALUE
 */
export function applyOptions(setting: (key: string) => ConfigValue | undefined, config: JobConfig): void {
  const value = (key: string): ConfigValue | undefined => {
    for (const candidate of [key, ...fallbackKeysOf(key)]) {
      const found = setting(candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const time = (key: string, apply: (millis: number) => void, minMs = 0) => {
    const found = value(key);
    if (found !== undefined) apply(timeValue(key, found, minMs));
  };
  const count = (key: string, min: number, apply: (number: number) => void) => {
    const found = value(key);
    if (found !== undefined) apply(wholeNumber(numberValue(key, found), key, min));
  };
  const flag = (key: string, apply: (on: boolean) => void) => {
    const found = value(key);
    if (found !== undefined) apply(String(found).toLowerCase() === "true");
  };
  count("parallelism.default", 1, (parallelism) => {
    config.parallelism = parallelism;
  });
  count("pipeline.max-parallelism", 1, (maxParallelism) => {
    config.maxParallelism = maxParallelism;
  });
  flag("pipeline.operator-chaining.enabled", (on) => {
    config.chainingEnabled = on;
  });
  flag("pipeline.operator-chaining.chain-operators-with-different-max-parallelism", (on) => {
    config.chainsDifferentMaxParallelism = on;
  });
  flag("taskmanager.network.adaptive-partitioner.enabled", (on) => {
    if (on) config.adaptivePartitionerTraverses = DEFAULT_TRAVERSES;
  });
  if (config.adaptivePartitionerTraverses !== undefined) {
    count("taskmanager.network.adaptive-partitioner.max-traverse-size", 2, (number) => {
      config.adaptivePartitionerTraverses = number;
    });
  }
  flag("pipeline.auto-generate-uids", (on) => {
    config.generatesUids = on;
  });
  const parameters = value("pipeline.global-job-parameters");
  if (parameters !== undefined) config.globalJobParameters = mapOf(String(parameters));
  const runtimeMode = value("execution.runtime-mode");
  if (runtimeMode !== undefined) config.runtimeMode = runtimeModeOf(String(runtimeMode));
  flag("pipeline.object-reuse", (on) => {
    config.objectReuse = on;
  });
  count("pipeline.watermark-alignment.buffer-size", 0, (number) => {
    config.watermarkAlignmentBufferSize = number;
  });
  flag("pipeline.watermark-alignment.allow-unaligned-source-splits", (on) => {
    config.allowUnalignedSourceSplits = on;
  });
  time("execution.buffer-timeout.interval", (millis) => {
    config.bufferTimeoutMs = millis;
  });
  time("pipeline.auto-watermark-interval", (millis) => {
    config.autoWatermarkIntervalMs = millis;
  });
  time(
    "execution.checkpointing.interval",
    (millis) => {
      config.checkpointIntervalMs = millis;
    },
    MIN_CHECKPOINT_INTERVAL_MS,
  );
  time("execution.checkpointing.timeout", (millis) => {
    config.checkpointTimeoutMs = millis;
  });
  time("execution.checkpointing.min-pause", (millis) => {
    config.minPauseMs = millis;
  });
  count("execution.checkpointing.max-concurrent-checkpoints", 1, (number) => {
    config.maxConcurrentCheckpoints = number;
  });
  count("execution.checkpointing.tolerable-failed-checkpoints", 0, (number) => {
    config.tolerableFailedCheckpoints = number;
  });
  time("execution.checkpointing.interval-during-backlog", (millis) => {
    config.checkpointIntervalDuringBacklogMs = millis;
  });
  flag("execution.checkpointing.checkpoints-after-tasks-finish", (on) => {
    config.checkpointsAfterTasksFinish = on;
  });
  const numRetained = value("execution.checkpointing.num-retained");
  if (numRetained !== undefined) {
    const key = "execution.checkpointing.num-retained";
    config.numRetainedCheckpoints = wholeNumber(numberValue(key, numRetained), key, 1);
  }
  const retention = value("execution.checkpointing.externalized-checkpoint-retention");
  if (retention !== undefined) {
    config.checkpointRetention = oneOf<NonNullable<JobConfig["checkpointRetention"]>>(
      "execution.checkpointing.externalized-checkpoint-retention",
      String(retention).toUpperCase(),
      ["DELETE_ON_CANCELLATION", "RETAIN_ON_CANCELLATION", "NO_EXTERNALIZED_CHECKPOINTS"],
    );
  }
  const inlined = value("execution.checkpointing.data-inline-threshold");
  if (inlined !== undefined) {
    const size = parseMemorySize(String(inlined));
    config.dataInlineThresholdBytes =
      size ?? unparsed("execution.checkpointing.data-inline-threshold", String(inlined), "a size, such as 20kb");
  }
  const failover = value("jobmanager.execution.failover-strategy");
  if (failover !== undefined)
    config.failoverStrategy = oneOf<"region" | "full">("jobmanager.execution.failover-strategy", String(failover), ["region", "full"]);
  flag("execution.checkpointing.unaligned.enabled", (on) => {
    config.unalignedCheckpoints = on;
  });
  time("execution.checkpointing.aligned-checkpoint-timeout", (millis) => {
    config.alignedCheckpointTimeoutMs = millis;
  });
  flag("execution.checkpointing.unaligned.forced", (on) => {
    config.forcesUnalignedCheckpoints = on;
  });
  flag("execution.checkpointing.unaligned.recover-output-on-downstream.enabled", (on) => {
    config.recoversOutputDownstream = on;
  });
  flag("execution.checkpointing.during-recovery.enabled", (on) => {
    config.checkpointsDuringRecovery = on;
  });
  count("web.exception-history-size", 1, (size) => {
    config.exceptionHistorySize = size;
  });
  count("sink.committer.retries", 0, (retries) => {
    config.committerRetries = retries;
  });
  flag("execution.state-recovery.ignore-unclaimed-state", (on) => {
    config.ignoresUnclaimedState = on;
  });
  count("execution.state-recovery.without-channel-state.checkpoint-id", -1, (checkpointId) => {
    config.ignoresInFlightOfCheckpoint = checkpointId;
  });
  count("execution.checkpointing.unaligned.max-subtasks-per-channel-state-file", 1, (subtasks) => {
    config.maxSubtasksPerChannelStateFile = subtasks;
  });
  count("web.checkpoints.history", 0, (size) => {
    config.checkpointHistorySize = size;
  });
  const claimMode = value("execution.state-recovery.claim-mode");
  if (claimMode !== undefined) {
    config.claimMode = oneOf<"NO_CLAIM" | "CLAIM">("execution.state-recovery.claim-mode", String(claimMode).toUpperCase(), [
      "NO_CLAIM",
      "CLAIM",
    ]);
  }
  const savepoint = value("execution.state-recovery.path");
  if (savepoint !== undefined) config.savepointPath = String(savepoint);
  const storage = value("execution.checkpointing.storage");
  if (storage !== undefined) {
    config.checkpointStorage = oneOf<"jobmanager" | "filesystem">("execution.checkpointing.storage", String(storage), [
      "jobmanager",
      "filesystem",
    ]);
  }
  const mode = value("execution.checkpointing.mode");
  if (mode !== undefined) {
    config.checkpointingMode = oneOf("execution.checkpointing.mode", String(mode).toUpperCase(), ["EXACTLY_ONCE", "AT_LEAST_ONCE"]);
  }
  const backend = value("state.backend.type");
  if (backend !== undefined) {
    const kind = oneOf("state.backend.type", String(backend), ["hashmap", "rocksdb", "forst"]);
    config.stateBackend = kind === "forst" ? "rocksdb" : kind;
  }
  config.lsmOptions = { ...config.lsmOptions, ...lsmOptionsOf(value) };
  const restart = value("restart-strategy.type");
  if (restart !== undefined) config.restartStrategy = restartStrategyOf(String(restart), value);
}

/** What is said about the layout of the log-structured store, and about incremental checkpoints. */
function lsmOptionsOf(value: (key: string) => ConfigValue | undefined): Partial<LsmOptions> {
  const options: Partial<Record<keyof LsmOptions, number | boolean | readonly string[]>> = {};
  const bytes = (key: string, option: keyof LsmOptions) => {
    const found = value(key);
    if (found === undefined) return;
    const size = parseMemorySize(String(found)) ?? 0;
    options[option] = size > 0 ? size : unparsed(key, String(found), "a size, such as 64mb");
  };
  const flag = (key: string) => {
    const found = value(key);
    return found === undefined ? undefined : String(found).toLowerCase() === "true";
  };
  bytes("state.backend.rocksdb.writebuffer.size", "writeBufferBytes");
  bytes("state.backend.rocksdb.compaction.level.target-file-size-base", "targetFileBytes");
  bytes("state.backend.rocksdb.compaction.level.max-size-level-base", "levelBaseBytes");
  bytes("state.backend.rocksdb.block.blocksize", "blockBytes");
  bytes("state.backend.rocksdb.block.cache-size", "blockCacheBytes");
  if (flag("state.backend.rocksdb.use-bloom-filter") === true) {
    const key = "state.backend.rocksdb.bloom-filter.bits-per-key";
    options.bloomBitsPerKey = numberValue(key, value(key) ?? 10);
  }
  const incremental = flag("execution.checkpointing.incremental");
  if (incremental !== undefined) options.incremental = incremental;
  const metrics = ROCKSDB_METRICS.filter((name) => flag(`state.backend.rocksdb.metrics.${name}`) === true);
  if (metrics.length > 0) options.metrics = metrics;
  return options as Partial<LsmOptions>;
}

/** `key1:value1,key2:value2`, as maps stand in configuration files. */
function mapOf(text: string): Record<string, string> {
  const entries = text.split(",").filter((entry) => entry.trim() !== "");
  return Object.fromEntries(
    entries.map((entry) => {
      const colon = entry.indexOf(":");
      return colon < 0 ? [entry.trim(), ""] : [entry.slice(0, colon).trim(), entry.slice(colon + 1).trim()];
    }),
  );
}

function timeValue(key: string, value: ConfigValue, minMs: number): number {
  if (typeof value === "string")
    return timeMs(parseTimeText(value) ?? unparsed(key, value, "a number with a unit, such as 10 s or 500 ms"), key, minMs);
  return timeMs(value as TimeLike, key, minMs);
}

function oneOf<V extends string>(key: string, found: string, allowed: readonly V[]): V {
  const match = allowed.find((value) => value === found);
  if (match !== undefined) return match;
  return unparsed(key, found, allowed.join(", "));
}

function numberValue(key: string, value: ConfigValue): number {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  return Number.isNaN(number) ? unparsed(key, String(value), "a number") : number;
}

function unparsed(key: string, found: string, expected: string): never {
  throw new Diagnostic({
    code: "JOB_BAD_CONFIG_VALUE",
    message: `Could not parse value "${found}" for key "${key}".`,
    phase: "graph",
    found,
    expected,
  });
}

function restartStrategyOf(type: string, value: (key: string) => ConfigValue | undefined): RestartStrategy {
  const time = (key: string, otherwiseMs: number) => {
    const found = value(key);
    return found === undefined ? otherwiseMs : timeValue(key, found, 0);
  };
  const number = (key: string, otherwise: number) => numberValue(key, value(key) ?? otherwise);
  const kind = oneOf("restart-strategy.type", type, [
    "none",
    "off",
    "disable",
    "fixeddelay",
    "fixed-delay",
    "exponentialdelay",
    "exponential-delay",
    "failurerate",
    "failure-rate",
  ]);
  switch (kind) {
    case "none":
    case "off":
    case "disable":
      return { kind: "none" };
    case "fixeddelay":
    case "fixed-delay":
      return {
        kind: "fixedDelay",
        attempts: number("restart-strategy.fixed-delay.attempts", 1),
        delayMs: time("restart-strategy.fixed-delay.delay", 1000),
      };
    case "exponentialdelay":
    case "exponential-delay":
      return {
        kind: "exponentialDelay",
        initialMs: time("restart-strategy.exponential-delay.initial-backoff", 1000),
        maxMs: time("restart-strategy.exponential-delay.max-backoff", 60_000),
        multiplier: number("restart-strategy.exponential-delay.backoff-multiplier", 1.5),
        resetMs: time("restart-strategy.exponential-delay.reset-backoff-threshold", 3_600_000),
        jitter: number("restart-strategy.exponential-delay.jitter-factor", 0.1),
        maxAttempts: number("restart-strategy.exponential-delay.attempts-before-reset-backoff", Number.POSITIVE_INFINITY),
      };
    case "failurerate":
    case "failure-rate":
      return {
        kind: "failureRate",
        maxFailures: number("restart-strategy.failure-rate.max-failures-per-interval", 1),
        intervalMs: time("restart-strategy.failure-rate.failure-rate-interval", 60_000),
        delayMs: time("restart-strategy.failure-rate.delay", 1000),
      };
  }
}
