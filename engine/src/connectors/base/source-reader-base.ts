/**
 * What most readers have in common: splits with a state, fetches that bring records of several splits, and an emitter that turns those
 * into the source's records and moves the split's state on. A connector supplies the split reader, the emitter, and how split and state
 * become each other. (Flink: flink-connector-base; docs/dev/datastream/sources#the-split-reader-api)
 *
 * Flink fetches in threads of its own, and `fetch` may block there. Here it is called by the reader when it has nothing left, and
 * must return at once, with nothing if need be; it is then called again a millisecond later, or when `isAvailable` says so.
 */
import { CompletableFuture } from "../../flow/completable-future.ts";
import type { Counter } from "../../flow/metrics/metric.ts";
import type { InputStatus, ReaderOutput, SourceOutput, SourceReader, SourceReaderContext, SourceSplit } from "../../flow/source.ts";
import { ReaderAvailability } from "../reader-availability.ts";
import type { RecordsWithSplitIds } from "./records-by-splits.ts";

/** Splits that the split reader has to read from now on. Flink: `SplitsAddition`. (Flink: docs/dev/datastream/sources) */
export class SplitsAddition<SplitT extends SourceSplit> {
  readonly #added: readonly SplitT[];

  constructor(splits: readonly SplitT[]) {
    this.#added = splits;
  }

  /** The new splits. */
  splits(): readonly SplitT[] {
    return this.#added;
  }
}

/** Reads raw elements of its splits. Flink: `SplitReader`. (Flink: docs/dev/datastream/sources) */
export interface SplitReader<E, SplitT extends SourceSplit> {
  /** The next elements, of any of its splits; empty when there are none right now. */
  fetch(): RecordsWithSplitIds<E>;
  /** Splits come in. */
  handleSplitsChanges(change: SplitsAddition<SplitT>): void;
  /** Ends a `fetch` that blocks; none does here. */
  wakeUp(): void;
  /** Watermark alignment: read no further in some splits, go on in others. */
  pauseOrResumeSplits?(splitsToPause: readonly string[], splitsToResume: readonly string[]): void;
  /** Completes when a fetch may bring something. Not in Flink, where fetches block; without it the reader asks every millisecond. */
  isAvailable?(): CompletableFuture<void>;
  /** Lets go of whatever it has open. */
  close(): void;
}

/**
 * Turns an element into records of the source and moves the split's state on. Flink: `RecordEmitter`.
 * (Flink: docs/dev/datastream/sources)
 */
export interface RecordEmitter<E, T, SplitStateT> {
  /** Gives any number of records to the split's output, with the element's own timestamp if it has one. */
  emitRecord(element: E, output: SourceOutput<T>, splitState: SplitStateT): void;
}

interface OwnedSplit<T, SplitStateT> {
  readonly state: SplitStateT;
  output: SourceOutput<T> | null;
}

type PauseOrResume = (splitsToPause: readonly string[], splitsToResume: readonly string[]) => void;

/**
 * A reader over one `SplitReader` for all its splits. Flink: `SingleThreadMultiplexSourceReaderBase`.
 * (Flink: docs/dev/datastream/sources)
 */
export abstract class SingleThreadMultiplexSourceReaderBase<E, T, SplitT extends SourceSplit, SplitStateT>
  implements SourceReader<T, SplitT>
{
  protected readonly context: SourceReaderContext;
  readonly #createSplitReader: () => SplitReader<E, SplitT>;
  readonly #recordEmitter: RecordEmitter<E, T, SplitStateT>;
  readonly #availability = new ReaderAvailability();
  readonly #numRecordsIn: Counter;
  readonly #owned = new Map<string, OwnedSplit<T, SplitStateT>>();
  #splitReader: SplitReader<E, SplitT> | null = null;
  #fetched: RecordsWithSplitIds<E> | null = null;
  #current: OwnedSplit<T, SplitStateT> | null = null;
  #noMoreSplits = false;

  /** @param splitReaderSupplier called when the first splits come. */
  constructor(
    splitReaderSupplier: () => SplitReader<E, SplitT>,
    recordEmitter: RecordEmitter<E, T, SplitStateT>,
    context: SourceReaderContext,
  ) {
    this.#createSplitReader = splitReaderSupplier;
    this.#recordEmitter = recordEmitter;
    this.context = context;
    this.#numRecordsIn = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
  }

  /** These splits have been read to their end; a reader that reads one at a time asks for the next here. */
  protected abstract onSplitFinished(finishedSplitIds: ReadonlyMap<string, SplitStateT>): void;
  /** The changeable state with which reading a split begins. */
  protected abstract initializedState(split: SplitT): SplitStateT;
  /** The split as it is in a checkpoint. */
  protected abstract toSplitType(splitId: string, splitState: SplitStateT): SplitT;

  /** Readers that ask for splits do so here. */
  start(): void {}

  pollNext(output: ReaderOutput<T>): InputStatus {
    for (;;) {
      if (this.#fetched === null && !this.#fetchNext()) return this.#statusWithoutRecords();
      const element = this.#nextElement(output);
      if (element !== null && this.#current !== null) {
        this.#numRecordsIn.inc();
        this.#recordEmitter.emitRecord(element, this.#current.output as SourceOutput<T>, this.#current.state);
        return "MORE_AVAILABLE";
      }
      if (this.#finishFetch(output)) return this.#statusWithoutRecords();
    }
  }

  isAvailable(): CompletableFuture<void> {
    if (this.#splitReader === null || this.#owned.size === 0) return this.#availability.waiting();
    return this.#splitReader.isAvailable?.() ?? CompletableFuture.completedFuture<void>(undefined);
  }

  addSplits(splits: readonly SplitT[]): void {
    for (const split of splits) this.#owned.set(split.splitId, { state: this.initializedState(split), output: null });
    this.#splitReader ??= this.#createSplitReader();
    this.#splitReader.handleSplitsChanges(new SplitsAddition(splits));
    this.#availability.notify();
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true;
    this.#availability.notify();
  }

  snapshotState(_checkpointId: number): readonly SplitT[] {
    return [...this.#owned].map(([splitId, { state }]) => this.toSplitType(splitId, state));
  }

  /** It can when the split reader can. */
  get pauseOrResumeSplits(): PauseOrResume | undefined {
    const availability = this.#availability;
    const splitReader = this.#splitReader;
    if (splitReader?.pauseOrResumeSplits === undefined) return undefined;
    return (splitsToPause, splitsToResume) => {
      splitReader.pauseOrResumeSplits?.(splitsToPause, splitsToResume);
      availability.notify();
    };
  }

  /** Number of splits that are being read. */
  getNumberOfCurrentlyAssignedSplits(): number {
    return this.#owned.size;
  }

  close(): void {
    this.#splitReader?.close();
  }

  /** False when there is nothing to read from, or nothing came. */
  #fetchNext(): boolean {
    if (this.#splitReader === null || this.#owned.size === 0) return false;
    this.#fetched = this.#splitReader.fetch();
    this.#current = null;
    return true;
  }

  #nextElement(output: ReaderOutput<T>): E | null {
    const fetched = this.#fetched;
    if (fetched === null) return null;
    for (;;) {
      const element = this.#current === null ? null : fetched.nextRecordFromSplit();
      if (element !== null) return element;
      const splitId = fetched.nextSplit();
      if (splitId === null) return null;
      const split = this.#owned.get(splitId);
      if (split === undefined) throw new Error(`The split reader brought records of split ${splitId}, which it does not have.`);
      split.output ??= output.createOutputForSplit(splitId);
      this.#current = split;
    }
  }

  /** The fetch is used up. True when it had ended no split: then there is nothing for now. */
  #finishFetch(output: ReaderOutput<T>): boolean {
    const finished = this.#fetched?.finishedSplits() ?? new Set<string>();
    const brought = this.#current !== null;
    this.#fetched = null;
    this.#current = null;
    if (finished.size === 0) return !brought;
    const states = new Map<string, SplitStateT>();
    for (const splitId of finished) {
      const split = this.#owned.get(splitId);
      if (split === undefined) continue;
      states.set(splitId, split.state);
      this.#owned.delete(splitId);
      output.releaseOutputForSplit(splitId);
    }
    this.onSplitFinished(states);
    return false;
  }

  #statusWithoutRecords(): InputStatus {
    return this.#noMoreSplits && this.#owned.size === 0 && this.#fetched === null ? "END_OF_INPUT" : "NOTHING_AVAILABLE";
  }
}
