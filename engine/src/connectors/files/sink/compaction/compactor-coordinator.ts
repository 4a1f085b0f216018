import { StreamRecord } from "../../../../flow/stream-record.ts";
import type { CommittableMessage } from "../../../../operators/sink/committable-message.ts";
import type { FileSinkCommittable } from "../file-writer-bucket.ts";
import { CompactionOperator } from "./compaction-operator.ts";
import type { FileCompactStrategy } from "./file-compact-strategy.ts";

/** Pending files of one bucket that are to become one, or what is only to be passed on. Flink: `CompactorRequest`. */
export interface CompactorRequest {
  readonly bucketId: string;
  readonly toCompact: readonly FileSinkCommittable[];
  readonly toPassThrough: readonly FileSinkCommittable[];
}

/**
 * Gathers the pending files of all writers, bucket by bucket, until there is enough for one request. Flink: `CompactCoordinator`. It is
 * alone: only so are files of several writers put together.
 */
export class CompactorCoordinator extends CompactionOperator<FileSinkCommittable> {
  private readonly strategy: FileCompactStrategy;
  private buckets = new Map<string, FileSinkCommittable[]>();
  private checkpoints = 0;

  constructor(strategy: FileCompactStrategy) {
    super("coordinator_state");
    this.strategy = strategy;
  }

  processElement(record: StreamRecord): void {
    const message = record.value as CommittableMessage<FileSinkCommittable>;
    if (message.kind === "committable") this.add(message.committable);
  }

  prepareSnapshotPreBarrier(): void {
    const every = this.strategy.getNumCheckpointsBeforeCompaction();
    if (every > 0 && ++this.checkpoints >= every) this.requestAll();
  }

  endInput(): void {
    this.requestAll();
  }

  protected override restore(elements: readonly FileSinkCommittable[]): void {
    for (const committable of elements) this.add(committable);
  }

  protected override elements(): readonly FileSinkCommittable[] {
    return [...this.buckets.values()].flat();
  }

  private add(committable: FileSinkCommittable): void {
    const { bucketId, pendingFile } = committable;
    if (pendingFile === null) {
      this.send({ bucketId, toCompact: [], toPassThrough: [committable] });
      return;
    }
    const files = [...(this.buckets.get(bucketId) ?? []), committable];
    this.buckets.set(bucketId, files);
    const threshold = this.strategy.getSizeThreshold();
    if (threshold < 0 || files.reduce((sum, file) => sum + (file.pendingFile?.bytes ?? 0), 0) < threshold) return;
    this.buckets.delete(bucketId);
    this.send({ bucketId, toCompact: files, toPassThrough: [] });
  }

  private requestAll(): void {
    const { buckets } = this;
    this.buckets = new Map();
    this.checkpoints = 0;
    for (const [bucketId, toCompact] of buckets) this.send({ bucketId, toCompact, toPassThrough: [] });
  }

  private send(request: CompactorRequest): void {
    this.context.output.collect(new StreamRecord<unknown>(request));
  }
}
