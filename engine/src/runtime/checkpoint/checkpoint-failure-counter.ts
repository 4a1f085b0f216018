/**
 * Counts failed checkpoints in a row. Flink: `CheckpointFailureManager`.
 *
 * A checkpoint counts once, whatever goes wrong with it, and not at all when a later one has completed. A completed checkpoint starts the
 * count anew, and so does a count that has failed the job.
 */
import type { CheckpointFailureReason } from "./checkpoint-failure.ts";

export class CheckpointFailureCounter {
  private readonly tolerable: number;
  private readonly counted = new Set<number>();
  private latestCompleted = 0;

  constructor(tolerable: number) {
    this.tolerable = tolerable;
  }

  /** True when the job must fail. */
  failed(checkpointId: number, reason: CheckpointFailureReason): boolean {
    if (!reason.counts || checkpointId <= this.latestCompleted) return false;
    this.counted.add(checkpointId);
    if (this.counted.size <= this.tolerable) return false;
    this.counted.clear();
    return true;
  }

  completed(checkpointId: number): void {
    if (checkpointId <= this.latestCompleted) return;
    this.latestCompleted = checkpointId;
    this.counted.clear();
  }
}
