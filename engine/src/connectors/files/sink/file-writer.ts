import { outsideOf } from "../../../flow/engine-access.ts";
import type { SinkInitContext, SinkProcessingTimeService, SinkWriteContext, SinkWriter, WriterInitContext } from "../../../flow/sink.ts";
import { type FileSystem, fileSystemOf } from "../file-system.ts";
import type { BucketAssigner, BucketAssignerContext } from "./bucket-assigners.ts";
import { type BucketSettings, type FileSinkCommittable, FileWriterBucket, type FileWriterBucketState } from "./file-writer-bucket.ts";

export interface FileWriterSettings<IN> extends BucketSettings<IN> {
  readonly bucketAssigner: BucketAssigner<IN>;
  /** How often the rolling policy is asked about the time. */
  readonly bucketCheckIntervalMs: number;
}

/** Writes part files into buckets. Flink: `FileWriter`. */
export class FileWriter<IN> implements SinkWriter<IN, FileSinkCommittable, FileWriterBucketState>, BucketAssignerContext {
  readonly #settings: FileWriterSettings<IN>;
  readonly #context: SinkInitContext;
  readonly #fileSystem: FileSystem;
  readonly #buckets = new Map<string, FileWriterBucket<IN>>();
  readonly #timers: SinkProcessingTimeService | undefined;
  #writeContext: SinkWriteContext | null = null;
  #timer: { cancel(): void } | null = null;
  #endOfInput = false;
  readonly #startMs: number = 0;

  constructor(settings: FileWriterSettings<IN>, context: SinkInitContext, restored: readonly FileWriterBucketState[]) {
    this.#settings = settings;
    this.#context = context;
    this.#startMs = context.currentMs();
    this.#fileSystem = fileSystemOf(outsideOf(context), settings.basePath, (durationMs) => context.block?.(durationMs));
    this.#timers = (context as Partial<WriterInitContext>).getProcessingTimeService?.();
    for (const state of restored) this.#restoreBucket(state);
    if (this.#buckets.size > 0) this.#watchTime();
  }

  write(element: IN, context: SinkWriteContext): void {
    this.#writeContext = context;
    const bucketId = this.#settings.bucketAssigner.getBucketId(element, this);
    let bucket = this.#buckets.get(bucketId);
    if (bucket === undefined) {
      bucket = new FileWriterBucket(bucketId, this.#settings, this.#fileSystem);
      this.#buckets.set(bucketId, bucket);
    }
    bucket.write(element, this.#context.currentMs());
    this.#watchTime();
  }

  flush(endOfInput: boolean): void {
    this.#endOfInput = endOfInput;
  }

  prepareCommit(): readonly FileSinkCommittable[] {
    const committables: FileSinkCommittable[] = [];
    for (const [bucketId, bucket] of [...this.#buckets]) {
      if (bucket.active) committables.push(...bucket.prepareCommit(this.#endOfInput));
      else this.#buckets.delete(bucketId);
    }
    return committables;
  }

  snapshotState(): readonly FileWriterBucketState[] {
    return [...this.#buckets.values()].map((bucket) => bucket.snapshotState());
  }

  /** Files in progress stay where they are. */
  close(): void {
    this.#timer?.cancel();
  }

  // ---- BucketAssignerContext ----

  currentProcessingTime(): number {
    return this.#context.currentMs();
  }

  currentWatermark(): number {
    return this.#writeContext?.currentWatermark() ?? Number.NaN;
  }

  timestamp(): number | null {
    return this.#writeContext?.timestamp() ?? null;
  }

  #restoreBucket(state: FileWriterBucketState): void {
    const bucket = new FileWriterBucket(state.bucketId, this.#settings, this.#fileSystem);
    bucket.restore(state);
    const known = this.#buckets.get(state.bucketId);
    if (known === undefined) this.#buckets.set(state.bucketId, bucket);
    else known.merge(bucket);
  }

  /** Looks at the buckets every check interval since the start, as long as there are any. */
  #watchTime(): void {
    if (this.#timer !== null || this.#timers === undefined) return;
    const { bucketCheckIntervalMs } = this.#settings;
    const checks = Math.floor((this.#timers.getCurrentProcessingTime() - this.#startMs) / bucketCheckIntervalMs);
    const nextMs = this.#startMs + (checks + 1) * bucketCheckIntervalMs;
    this.#timer = this.#timers.registerTimer(nextMs, (nowMs) => {
      this.#timer = null;
      for (const bucket of this.#buckets.values()) bucket.onProcessingTime(nowMs);
      if (this.#buckets.size > 0) this.#watchTime();
    });
  }
}
