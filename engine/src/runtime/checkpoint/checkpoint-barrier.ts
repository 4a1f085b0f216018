/** A barrier with what its checkpoint wants of alignment (Flink: `CheckpointBarrier`, `CheckpointOptions.AlignmentType`). */
import type { JobConfig } from "../../graph/stream-graph.ts";

export interface CheckpointBarrier {
  readonly checkpointId: number;
  /** When the checkpoint began, epoch ms. */
  readonly timestampMs: number;
  /**
   * aligned = wait for all channels, whatever it takes (savepoints always do); unaligned = overtake what is queued; a number = begin
   * aligned and switch over when the checkpoint is older than so many milliseconds (`execution.checkpointing.aligned-checkpoint-timeout`).
   */
  readonly alignment: "aligned" | "unaligned" | number;
  /** What it is again behind an edge on which nothing may overtake (Flink: FORCED_ALIGNED). Absent = nothing else. */
  readonly alignmentBehind?: "unaligned" | number;
}

/** Why a task gave a checkpoint up (Flink: `CheckpointFailureReason`). */
export type AbortReason = "CHECKPOINT_DECLINED_SUBSUMED" | "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER" | "CHECKPOINT_SUBSUMED";

/** The same checkpoint, no longer waiting for anybody. */
export function asUnaligned(barrier: CheckpointBarrier): CheckpointBarrier {
  return barrier.alignment === "unaligned" ? barrier : { ...barrier, alignment: "unaligned" };
}

/** The same checkpoint on an edge on which nothing may overtake. */
export function forcedAligned(barrier: CheckpointBarrier): CheckpointBarrier {
  const { alignment } = barrier;
  return alignment === "aligned" ? barrier : { ...barrier, alignment: "aligned", alignmentBehind: alignment };
}

/** The same checkpoint behind such an edge. */
export function freed(barrier: CheckpointBarrier): CheckpointBarrier {
  const { checkpointId, timestampMs, alignmentBehind } = barrier;
  return alignmentBehind === undefined ? barrier : { checkpointId, timestampMs, alignment: alignmentBehind };
}

/** Whether checkpoints of this job may be unaligned; with at-least-once barriers the setting is ignored, as in Flink. */
export function allowsUnaligned(config: JobConfig): boolean {
  return config.unalignedCheckpoints === true && config.checkpointingMode === "EXACTLY_ONCE";
}

/** How the barriers of a checkpoint begin. */
export function initialAlignment(config: JobConfig, savepoint: boolean): CheckpointBarrier["alignment"] {
  if (savepoint || !allowsUnaligned(config)) return "aligned";
  const timeoutMs = config.alignedCheckpointTimeoutMs ?? 0;
  return timeoutMs === 0 ? "unaligned" : timeoutMs;
}
