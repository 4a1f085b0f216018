import { Duration } from "../base/duration.ts";
import type { JobConfig } from "../graph/stream-graph.ts";
import { MIN_CHECKPOINT_INTERVAL_MS } from "../graph/configuration/apply-options.ts";
import { wholeNumber } from "../graph/configuration/whole-number.ts";
import type { CheckpointingMode } from "./job-settings.ts";
import { type TimeLike, timeMs } from "../graph/configuration/time-like.ts";

/**
 * Settings of checkpointing; from `env.getCheckpointConfig()`. Times are durations or milliseconds.
 * (Flink: docs/dev/datastream/fault-tolerance/checkpointing)
 */
export class CheckpointConfig {
  readonly #config: JobConfig;

  /** @internal */
  constructor(config: JobConfig) {
    this.#config = config;
  }

  /** True once an interval has been set. */
  isCheckpointingEnabled(): boolean {
    return this.#config.checkpointIntervalMs !== undefined;
  }

  /** At least 10 ms. Default: checkpointing is off. */
  setCheckpointInterval(interval: TimeLike): void {
    this.#config.checkpointIntervalMs = timeMs(interval, "The checkpoint interval", MIN_CHECKPOINT_INTERVAL_MS);
  }

  /** Milliseconds, -1 when checkpointing is off. */
  getCheckpointInterval(): number {
    return this.#config.checkpointIntervalMs ?? -1;
  }

  /** Default EXACTLY_ONCE. */
  setCheckpointingMode(mode: CheckpointingMode): void {
    this.#config.checkpointingMode = mode;
  }

  /** Same as `setCheckpointingMode` (spelling since Flink 1.20). */
  setCheckpointingConsistencyMode(mode: CheckpointingMode): void {
    this.setCheckpointingMode(mode);
  }

  /** EXACTLY_ONCE or AT_LEAST_ONCE. */
  getCheckpointingMode(): CheckpointingMode {
    return this.#config.checkpointingMode;
  }

  /** A checkpoint that takes longer is given up. Default 10 minutes. */
  setCheckpointTimeout(timeout: TimeLike): void {
    this.#config.checkpointTimeoutMs = timeMs(timeout, "The checkpoint timeout", MIN_CHECKPOINT_INTERVAL_MS);
  }

  /** Milliseconds after which a checkpoint that is not complete is given up. Default 600,000. */
  getCheckpointTimeout(): number {
    return this.#config.checkpointTimeoutMs;
  }

  /** Least time between the end of one checkpoint and the start of the next. Default 0. */
  setMinPauseBetweenCheckpoints(pause: TimeLike): void {
    this.#config.minPauseMs = timeMs(pause, "The pause between checkpoints");
  }

  /** Milliseconds between the end of a checkpoint and the start of the next, at least. Default 0. */
  getMinPauseBetweenCheckpoints(): number {
    return this.#config.minPauseMs;
  }

  /** Default 1. */
  setMaxConcurrentCheckpoints(count: number): void {
    this.#config.maxConcurrentCheckpoints = wholeNumber(count, "The maximum number of concurrent checkpoints", 1);
  }

  /** How many checkpoints may be under way at once. Default 1. */
  getMaxConcurrentCheckpoints(): number {
    return this.#config.maxConcurrentCheckpoints;
  }

  /** How many checkpoints in a row may fail before the job fails. Default 0. */
  setTolerableCheckpointFailureNumber(count: number): void {
    this.#config.tolerableFailedCheckpoints = wholeNumber(count, "The tolerable number of failed checkpoints", 0);
  }

  /** How many checkpoints in a row may fail before the job does. Default 0. */
  getTolerableCheckpointFailureNumber(): number {
    return this.#config.tolerableFailedCheckpoints;
  }

  /** What becomes of the last checkpoints when the job is cancelled or fails. Default NO_EXTERNALIZED_CHECKPOINTS: they are deleted. */
  setExternalizedCheckpointRetention(retention: ExternalizedCheckpointRetention): void {
    this.#config.checkpointRetention = retention;
  }

  /** As `setExternalizedCheckpointRetention`. */
  getExternalizedCheckpointRetention(): ExternalizedCheckpointRetention {
    return this.#config.checkpointRetention ?? ExternalizedCheckpointRetention.NO_EXTERNALIZED_CHECKPOINTS;
  }

  /**
   * Lets barriers overtake records that wait in front of them, so that checkpoints are fast under backpressure; the records become part of the
   * checkpoint. Only with EXACTLY_ONCE and one checkpoint at a time. Default off.
   * (Flink: docs/ops/state/checkpointing_under_backpressure#unaligned-checkpoints)
   */
  enableUnalignedCheckpoints(enabled = true): void {
    this.#config.unalignedCheckpoints = enabled;
  }

  /** False with AT_LEAST_ONCE, whatever was set. */
  isUnalignedCheckpointsEnabled(): boolean {
    return this.#config.unalignedCheckpoints === true && this.#config.checkpointingMode === "EXACTLY_ONCE";
  }

  /**
   * How long an unaligned checkpoint is tried aligned before its barriers overtake. Default 0: they do at once.
   * (Flink: docs/ops/state/checkpointing_under_backpressure#aligned-checkpoint-timeout)
   */
  setAlignedCheckpointTimeout(timeout: TimeLike): void {
    this.#config.alignedCheckpointTimeoutMs = timeMs(timeout, "The aligned checkpoint timeout");
  }

  /** See `setAlignedCheckpointTimeout`. */
  getAlignedCheckpointTimeout(): Duration {
    return Duration.ofMillis(this.#config.alignedCheckpointTimeoutMs ?? 0);
  }

  /** Allows unaligned checkpoints in jobs with custom partitioners, whose edges stay aligned. Default off. */
  setForceUnalignedCheckpoints(forced: boolean): void {
    this.#config.forcesUnalignedCheckpoints = forced;
  }

  /** See `setForceUnalignedCheckpoints`. */
  isForceUnalignedCheckpoints(): boolean {
    return this.#config.forcesUnalignedCheckpoints === true;
  }
}

/** What becomes of checkpoints when a job is cancelled. (Flink: docs/dev/datastream/fault-tolerance/checkpointing) */
export const ExternalizedCheckpointRetention = {
  DELETE_ON_CANCELLATION: "DELETE_ON_CANCELLATION",
  RETAIN_ON_CANCELLATION: "RETAIN_ON_CANCELLATION",
  NO_EXTERNALIZED_CHECKPOINTS: "NO_EXTERNALIZED_CHECKPOINTS",
} as const;
export type ExternalizedCheckpointRetention = (typeof ExternalizedCheckpointRetention)[keyof typeof ExternalizedCheckpointRetention];
