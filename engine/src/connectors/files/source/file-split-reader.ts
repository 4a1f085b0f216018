/**
 * Reads splits that are files, one after the other, and counts: how many records of a split have been emitted is its position. After a restore the file is
 * read again from its beginning, and so many are skipped.
 */
import { CompletableFuture } from "../../../flow/completable-future.ts";
import type { SourceOutput, SourceReaderContext, SourceSplit } from "../../../flow/source.ts";
import { RecordsBySplits } from "../../base/records-by-splits.ts";
import {
  type RecordEmitter,
  SingleThreadMultiplexSourceReaderBase,
  type SplitReader,
  type SplitsAddition,
} from "../../base/source-reader-base.ts";
import type { StreamFormatReader } from "./stream-format.ts";

/** Most records of one fetch. */
const FETCH_SIZE = 100;
const NO_SPLITS: ReadonlySet<string> = new Set();

/** A split whose position is a number of records. */
export interface CountedSplit extends SourceSplit {
  readonly splitId: string;
  /** Records of it that have been emitted. */
  readonly recordsRead: number;
}

/** Begins to read a split. What the file system takes goes to `block`. */
export type OpenSplit<T, SplitT> = (split: SplitT, block: (durationMs: number) => void) => StreamFormatReader<T>;

interface SplitState<SplitT> {
  readonly split: SplitT;
  recordsRead: number;
}

/** Asks for the next split when it has none. */
export class CountingSourceReader<T, SplitT extends CountedSplit> extends SingleThreadMultiplexSourceReaderBase<
  T,
  T,
  SplitT,
  SplitState<SplitT>
> {
  constructor(context: SourceReaderContext, open: OpenSplit<T, SplitT>) {
    super(() => new FileSplitReader(context, open), new CountingEmitter<T, SplitT>(), context);
  }

  override start(): void {
    if (this.getNumberOfCurrentlyAssignedSplits() === 0) this.context.sendSplitRequest();
  }

  protected onSplitFinished(): void {
    this.context.sendSplitRequest();
  }

  protected initializedState(split: SplitT): SplitState<SplitT> {
    return { split, recordsRead: split.recordsRead };
  }

  protected toSplitType(_splitId: string, { split, recordsRead }: SplitState<SplitT>): SplitT {
    return { ...split, recordsRead };
  }
}

class CountingEmitter<T, SplitT> implements RecordEmitter<T, T, SplitState<SplitT>> {
  emitRecord(element: T, output: SourceOutput<T>, splitState: SplitState<SplitT>): void {
    output.collect(element);
    splitState.recordsRead++;
  }
}

interface OpenFile<T> {
  readonly splitId: string;
  readonly reader: StreamFormatReader<T>;
}

class FileSplitReader<T, SplitT extends CountedSplit> implements SplitReader<T, SplitT> {
  readonly #context: SourceReaderContext;
  readonly #open: OpenSplit<T, SplitT>;
  readonly #waiting: SplitT[] = [];
  #file: OpenFile<T> | null = null;
  /** A slow file system: nothing comes before that. */
  #readableAtMs = Number.NEGATIVE_INFINITY;
  #available = new CompletableFuture<void>();

  constructor(context: SourceReaderContext, open: OpenSplit<T, SplitT>) {
    this.#context = context;
    this.#open = open;
  }

  handleSplitsChanges(change: SplitsAddition<SplitT>): void {
    this.#waiting.push(...change.splits());
  }

  fetch(): RecordsBySplits<T> {
    if (this.#context.currentMs() < this.#readableAtMs) return nothing();
    if (this.#file === null) {
      this.#file = this.#openNext();
      if (this.#file === null || this.#mustWait()) return nothing();
    }
    const { splitId, reader } = this.#file;
    const records: T[] = [];
    for (let record = reader.read(); record !== null; record = reader.read()) {
      records.push(record);
      if (records.length === FETCH_SIZE) return new RecordsBySplits(new Map([[splitId, records]]), NO_SPLITS);
    }
    this.close();
    return new RecordsBySplits(records.length === 0 ? new Map() : new Map([[splitId, records]]), new Set([splitId]));
  }

  isAvailable(): CompletableFuture<void> {
    if (this.#context.currentMs() >= this.#readableAtMs) return CompletableFuture.completedFuture<void>(undefined);
    if (this.#available.isDone()) this.#available = new CompletableFuture<void>();
    return this.#available;
  }

  wakeUp(): void {}

  close(): void {
    this.#file?.reader.close?.();
    this.#file = null;
  }

  #mustWait(): boolean {
    if (this.#context.currentMs() >= this.#readableAtMs) return false;
    this.#context.wakeAt(this.#readableAtMs);
    return true;
  }

  /** Opens the next file and skips what has been emitted before. */
  #openNext(): OpenFile<T> | null {
    const split = this.#waiting.shift();
    if (split === undefined) return null;
    let tookMs = 0;
    const reader = this.#open(split, (durationMs) => {
      tookMs += durationMs;
    });
    for (let skipped = 0; skipped < split.recordsRead && reader.read() !== null; skipped++);
    this.#readableAtMs = this.#context.currentMs() + tookMs;
    return { splitId: split.splitId, reader };
  }
}

function nothing<T>(): RecordsBySplits<T> {
  return new RecordsBySplits<T>(new Map(), NO_SPLITS);
}
