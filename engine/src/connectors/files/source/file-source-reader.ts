import type { SourceOutput, SourceReaderContext } from "../../../flow/source.ts";
import { RecordsBySplits } from "../../base/records-by-splits.ts";
import {
  type RecordEmitter,
  SingleThreadMultiplexSourceReaderBase,
  type SplitReader,
  type SplitsAddition,
} from "../../base/source-reader-base.ts";
import { CompletableFuture } from "../../../flow/completable-future.ts";
import { fileSystemOf } from "../file-system.ts";
import { Path } from "../path.ts";
import type { FileSourceSplit } from "./file-source-split.ts";
import { FSDataInputStream, type StreamFormat, type StreamFormatReader } from "./stream-format.ts";

/** Most records of one fetch. */
const FETCH_SIZE = 100;
const NO_SPLITS: ReadonlySet<string> = new Set();

interface SplitState {
  readonly split: FileSourceSplit;
  recordsRead: number;
}

/** Reads one file after the other and asks for the next when it has none. Flink: `FileSourceReader`. */
export class FileSourceReader<T> extends SingleThreadMultiplexSourceReaderBase<T, T, FileSourceSplit, SplitState> {
  constructor(context: SourceReaderContext, format: StreamFormat<T>) {
    super(() => new FileSplitReader(context, format), new CountingEmitter<T>(), context);
  }

  override start(): void {
    if (this.getNumberOfCurrentlyAssignedSplits() === 0) this.context.sendSplitRequest();
  }

  protected onSplitFinished(): void {
    this.context.sendSplitRequest();
  }

  protected initializedState(split: FileSourceSplit): SplitState {
    return { split, recordsRead: split.recordsRead };
  }

  protected toSplitType(_splitId: string, { split, recordsRead }: SplitState): FileSourceSplit {
    return { ...split, recordsRead };
  }
}

class CountingEmitter<T> implements RecordEmitter<T, T, SplitState> {
  emitRecord(element: T, output: SourceOutput<T>, splitState: SplitState): void {
    output.collect(element);
    splitState.recordsRead++;
  }
}

interface OpenFile<T> {
  readonly splitId: string;
  readonly reader: StreamFormatReader<T>;
}

class FileSplitReader<T> implements SplitReader<T, FileSourceSplit> {
  private readonly context: SourceReaderContext;
  private readonly format: StreamFormat<T>;
  private readonly waiting: FileSourceSplit[] = [];
  private file: OpenFile<T> | null = null;
  /** A slow file system: nothing comes before that. */
  private readableAtMs = Number.NEGATIVE_INFINITY;
  private available = new CompletableFuture<void>();

  constructor(context: SourceReaderContext, format: StreamFormat<T>) {
    this.context = context;
    this.format = format;
  }

  handleSplitsChanges(change: SplitsAddition<FileSourceSplit>): void {
    this.waiting.push(...change.splits());
  }

  fetch(): RecordsBySplits<T> {
    if (this.context.currentMs() < this.readableAtMs) return nothing();
    if (this.file === null) {
      this.file = this.openNext();
      if (this.file === null || this.mustWait()) return nothing();
    }
    const { splitId, reader } = this.file;
    const records: T[] = [];
    for (let record = reader.read(); record !== null; record = reader.read()) {
      records.push(record);
      if (records.length === FETCH_SIZE) return new RecordsBySplits(new Map([[splitId, records]]), NO_SPLITS);
    }
    this.close();
    return new RecordsBySplits(records.length === 0 ? new Map() : new Map([[splitId, records]]), new Set([splitId]));
  }

  isAvailable(): CompletableFuture<void> {
    if (this.context.currentMs() >= this.readableAtMs) return CompletableFuture.completedFuture<void>(undefined);
    if (this.available.isDone()) this.available = new CompletableFuture<void>();
    return this.available;
  }

  wakeUp(): void {}

  close(): void {
    this.file?.reader.close?.();
    this.file = null;
  }

  private mustWait(): boolean {
    if (this.context.currentMs() >= this.readableAtMs) return false;
    this.context.wakeAt(this.readableAtMs);
    return true;
  }

  /** Opens the next file and skips what has been emitted before. */
  private openNext(): OpenFile<T> | null {
    const split = this.waiting.shift();
    if (split === undefined) return null;
    const path = new Path(split.path);
    let tookMs = 0;
    const fileSystem = fileSystemOf(this.context.outside, path, (durationMs) => {
      tookMs += durationMs;
    });
    const reader = this.format.createReader(new FSDataInputStream(fileSystem.read(path)));
    for (let skipped = 0; skipped < split.recordsRead && reader.read() !== null; skipped++);
    this.readableAtMs = this.context.currentMs() + tookMs;
    return { splitId: split.splitId, reader };
  }
}

function nothing<T>(): RecordsBySplits<T> {
  return new RecordsBySplits<T>(new Map(), NO_SPLITS);
}
