/** The job manager's metrics, from what it says while the job runs. (Flink: docs/ops/metrics, "Availability" and "Checkpointing") */
import type { MetricValue } from "../flow/metrics/metric-value.ts";
import type { CheckpointNote } from "../runtime/run-observer.ts";

export class JobMetrics {
  private restarts = -1;
  private runningSinceMs: number | null = null;
  private downSinceMs: number | null = null;
  private restartingTimeMs = 0;
  private triggered = 0;
  private completed = 0;
  private failed = 0;
  private readonly triggeredAtMs = new Map<number, number>();
  private lastDurationMs = -1;
  private lastSize = -1;
  private lastFullSize = -1;
  private lastPersisted = -1;
  private lastProcessed = -1;
  private lastCompletedId = -1;
  private lastRestoreMs = -1;

  checkpoint({ what, checkpoint, v, bytes, uploadedBytes, persistedBytes, processedBytes }: CheckpointNote, nowMs: number): void {
    if (v !== null) return;
    switch (what) {
      case "triggered":
        this.triggered++;
        this.triggeredAtMs.set(checkpoint, nowMs);
        break;
      case "completed":
        this.completed++;
        this.lastCompletedId = checkpoint;
        this.lastFullSize = bytes ?? -1;
        this.lastSize = uploadedBytes ?? this.lastFullSize;
        this.lastPersisted = persistedBytes ?? 0;
        this.lastProcessed = processedBytes ?? 0;
        this.lastDurationMs = nowMs - (this.triggeredAtMs.get(checkpoint) ?? nowMs);
        this.triggeredAtMs.delete(checkpoint);
        break;
      case "aborted":
        this.failed++;
        this.triggeredAtMs.delete(checkpoint);
        break;
      case "restored":
        this.lastRestoreMs = nowMs;
        break;
      default:
    }
  }

  job(what: "running" | "failing" | "restarting" | "finished" | "failed", nowMs: number): void {
    switch (what) {
      case "running":
        this.restarts++;
        this.runningSinceMs = nowMs;
        if (this.downSinceMs !== null) this.restartingTimeMs += nowMs - this.downSinceMs;
        this.downSinceMs = null;
        break;
      case "failing":
        this.runningSinceMs = null;
        this.downSinceMs ??= nowMs;
        break;
      default:
    }
  }

  /** Under Flink's names; -1 where nothing of the kind has happened, as there. */
  values(nowMs: number): Record<string, MetricValue> {
    return {
      uptime: this.runningSinceMs === null ? 0 : nowMs - this.runningSinceMs,
      downtime: this.downSinceMs === null ? 0 : nowMs - this.downSinceMs,
      restartingTime: this.restartingTimeMs + (this.downSinceMs === null ? 0 : nowMs - this.downSinceMs),
      numRestarts: Math.max(0, this.restarts),
      fullRestarts: Math.max(0, this.restarts),
      totalNumberOfCheckpoints: this.triggered,
      numberOfInProgressCheckpoints: this.triggeredAtMs.size,
      numberOfCompletedCheckpoints: this.completed,
      numberOfFailedCheckpoints: this.failed,
      lastCheckpointDuration: this.lastDurationMs,
      lastCheckpointSize: this.lastSize,
      lastCheckpointFullSize: this.lastFullSize,
      lastCheckpointProcessedData: this.lastProcessed,
      lastCheckpointPersistedData: this.lastPersisted,
      lastCompletedCheckpointId: this.lastCompletedId,
      lastCheckpointRestoreTimestamp: this.lastRestoreMs,
    };
  }
}
