/** A barrier with what its checkpoint wants of alignment (Flink: `CheckpointBarrier`, `CheckpointOptions.AlignmentType`). */
export interface CheckpointBarrier {
  readonly checkpointId: number;
  /** When the checkpoint began, epoch ms. */
  readonly timestampMs: number;
  /**
   * aligned = wait for all channels, whatever it takes (savepoints always do); unaligned = overtake what is queued; a number = begin
   * aligned and switch over when the checkpoint is older than so many milliseconds (`execution.checkpointing.aligned-checkpoint-timeout`).
   */
  readonly alignment: "aligned" | "unaligned" | number;
}

/** Why a task gave a checkpoint up (Flink: `CheckpointFailureReason`). */
export type AbortReason = "CHECKPOINT_DECLINED_SUBSUMED" | "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER" | "CHECKPOINT_SUBSUMED";

/** The same checkpoint, no longer waiting for anybody. */
export function asUnaligned(barrier: CheckpointBarrier): CheckpointBarrier {
  return barrier.alignment === "unaligned" ? barrier : { ...barrier, alignment: "unaligned" };
}
