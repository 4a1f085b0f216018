import type { CompletableFuture } from "../../flow/completable-future.ts";
import type { InputStatus, ReaderOutput, SourceReader, SourceReaderContext, SourceSplit } from "../../flow/source.ts";
import { ReaderAvailability } from "../reader-availability.ts";

/** A split whose fields move on while it is read. */
export type Position<SplitT> = { -readonly [Field in keyof SplitT]: SplitT[Field] };

/** A reader that makes its records itself: its splits say how far it has come, and are what it leaves in a checkpoint. */
export abstract class PositionsReader<T, SplitT extends SourceSplit> implements SourceReader<T, SplitT> {
  protected readonly context: SourceReaderContext;
  protected readonly positions: Position<SplitT>[] = [];
  readonly #availability = new ReaderAvailability();
  #noMoreSplits = false;

  constructor(context: SourceReaderContext) {
    this.context = context;
  }

  abstract pollNext(output: ReaderOutput<T>): InputStatus;

  /** What `pollNext` answers when no split has anything more: others may still come. */
  protected get exhausted(): InputStatus {
    return this.#noMoreSplits ? "END_OF_INPUT" : "NOTHING_AVAILABLE";
  }

  start(): void {}

  addSplits(splits: readonly SplitT[]): void {
    for (const split of splits) this.positions.push({ ...split });
    this.#availability.notify();
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true;
    this.#availability.notify();
  }

  isAvailable(): CompletableFuture<void> {
    return this.#availability.waiting();
  }

  snapshotState(): readonly SplitT[] {
    return this.positions.map((position) => ({ ...position }));
  }

  close(): void {}
}
