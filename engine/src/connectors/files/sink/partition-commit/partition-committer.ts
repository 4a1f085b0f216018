/**
 * Says of partitions that they are complete: behind the committers of a FileSink, alone. Flink's table connector: `PartitionCommitter`.
 *
 * A partition becomes *pending* when files of it have become visible. When all commits of a checkpoint are in, the trigger is asked which pending ones are complete: when their time is over by the watermark that
 * the checkpoint saw (`partition-time`), or so long after they were first met (`process-time`). At the end of the input all are. A partition that gets late files is said to be complete
 * once more.
 */
import type { StreamRecord } from "../../../../flow/stream-record.ts";
import type { CommittableMessage } from "../../../../operators/sink/committable-message.ts";
import { fileSystemOf } from "../../file-system.ts";
import { Path } from "../../path.ts";
import { CompactionOperator } from "../compaction/compaction-operator.ts";
import type { FileSinkCommittable } from "../file-writer-bucket.ts";

/** When a partition is complete. */
export interface PartitionCommitTrigger {
  /** null = by processing time. Otherwise the time up to which the watermark must have come, epoch ms, of a partition such as "dt=2026-01-01/hr=10". */
  readonly timeOf: ((partition: string) => number) | null;
  /** How long to wait after that. */
  readonly delayMs: number;
}

/** What is done then. */
export interface PartitionCommitPolicy {
  /** Name of the empty file that is made in the partition's directory; null = none. */
  readonly successFile: string | null;
}

interface PendingPartition {
  readonly partition: string;
  /** Processing time at which it was first met. */
  readonly sinceMs: number;
}

export class PartitionCommitter extends CompactionOperator<PendingPartition> {
  readonly #basePath: Path;
  readonly #trigger: PartitionCommitTrigger;
  readonly #policy: PartitionCommitPolicy;
  readonly #pending = new Map<string, PendingPartition>();
  /** Of checkpoints whose files are not visible yet. */
  readonly #watermarks = new Map<number, number>();
  /** What has been heard of the commits of a checkpoint: subtasks whose summary is missing (null = all), and files announced that have not come yet. */
  readonly #commits = new Map<number, { missing: number | null; files: number }>();
  #watermark = Number.NEGATIVE_INFINITY;
  #ended = false;

  constructor(basePath: Path, trigger: PartitionCommitTrigger, policy: PartitionCommitPolicy) {
    super("pending-partitions");
    this.#basePath = basePath;
    this.#trigger = trigger;
    this.#policy = policy;
  }

  processElement(record: StreamRecord): void {
    const message = record.value as CommittableMessage<FileSinkCommittable>;
    const { checkpointId } = message;
    const commits = this.#commits.get(checkpointId) ?? { missing: null, files: 0 };
    this.#commits.set(checkpointId, commits);
    if (message.kind === "summary") {
      commits.missing = (commits.missing ?? message.numberOfSubtasks) - 1;
      commits.files += message.numberOfCommittables;
    } else {
      commits.files--;
      const { bucketId, pendingFile } = message.committable;
      if (pendingFile !== null && !this.#pending.has(bucketId))
        this.#pending.set(bucketId, { partition: bucketId, sinceMs: this.context.processingTime.currentMs() });
    }
    if (commits.missing !== 0 || commits.files > 0) return;
    this.#commits.delete(checkpointId);
    this.#commitComplete(this.#ended ? Number.POSITIVE_INFINITY : this.#watermarkAt(checkpointId));
  }

  /** The watermark that the checkpoint saw: rows behind it may be in files that are not visible yet. */
  #watermarkAt(checkpointId: number): number {
    const watermark = this.#watermarks.get(checkpointId) ?? this.#watermark;
    for (const id of [...this.#watermarks.keys()]) if (id <= checkpointId) this.#watermarks.delete(id);
    return watermark;
  }

  override processWatermark(timestampMs: number): void {
    this.#watermark = timestampMs;
    super.processWatermark(timestampMs);
  }

  prepareSnapshotPreBarrier(): void {}

  endInput(): void {
    this.#ended = true;
    // With checkpoints the last files become visible with the last of them.
    if (this.context.checkpointingMode === "NONE") this.#commitComplete(Number.POSITIVE_INFINITY);
  }

  protected override restore(elements: readonly PendingPartition[]): void {
    for (const element of elements) this.#pending.set(element.partition, element);
  }

  protected override elements(checkpointId: number): readonly PendingPartition[] {
    this.#watermarks.set(checkpointId, this.#watermark);
    return [...this.#pending.values()];
  }

  #commitComplete(watermark: number): void {
    const { timeOf, delayMs } = this.#trigger;
    const nowMs = this.context.processingTime.currentMs();
    for (const { partition, sinceMs } of [...this.#pending.values()]) {
      const isComplete = timeOf === null ? delayMs === 0 || nowMs > sinceMs + delayMs : watermark > timeOf(partition) + delayMs;
      if (!isComplete && watermark !== Number.POSITIVE_INFINITY) continue;
      this.#pending.delete(partition);
      this.#commit(partition);
    }
  }

  #commit(partition: string): void {
    const { successFile } = this.#policy;
    if (successFile === null) return;
    const path = new Path(new Path(this.#basePath, partition), successFile);
    const { mailbox } = this.context;
    fileSystemOf(this.context.outside, path, (durationMs) => mailbox.spendUs(durationMs * 1000)).write(path, "");
  }
}
