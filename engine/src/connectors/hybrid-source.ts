/**
 * Reads several sources one after the other: a file of the past, then the log of the present. (Flink: `HybridSource`;
 * docs/connectors/datastream/hybridsource)
 *
 * All readers read source 0 to its end and each says so; when the last one has, the enumerator of the next source takes over and every
 * reader switches to its reader for it. So nothing of a later source comes before everything of the earlier ones. Every source but the
 * last must be bounded. A split knows which source it is of; after a restore a reader first goes to the source of its splits.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { invariant } from "../base/invariant.ts";
import type { CompletableFuture } from "../flow/completable-future.ts";
import type {
  Boundedness,
  InputStatus,
  ReaderOutput,
  Source,
  SourceEvent,
  SourceReader,
  SourceReaderContext,
  SourceSplit,
  SplitEnumerator,
  SplitEnumeratorContext,
} from "../flow/source.ts";
import { HybridSourceEnumerator, type HybridSourceState } from "./hybrid-source-enumerator.ts";
import { type HybridSourceSplit, type ReaderFinishedEvent, type SwitchSourceEvent, wrapSplit } from "./hybrid-source-split.ts";
import { ReaderAvailability } from "./reader-availability.ts";

/**
 * Sources that are read in turn. Make one with `HybridSource.builder(first).addSource(next).build()`.
 * (Flink: docs/connectors/datastream/hybridsource)
 */
export class HybridSource<T> implements Source<T, HybridSourceSplit, HybridSourceState> {
  readonly #sources: readonly Source<T>[];

  /** @internal Use `HybridSource.builder(first)`. */
  constructor(sources: readonly Source<T>[]) {
    this.#sources = sources;
  }

  /** Starts building with the source that is read first. */
  static builder<T, S extends SourceSplit, C>(firstSource: Source<T, S, C>): HybridSourceBuilder<T> {
    return new HybridSourceBuilder<T>().addSource(firstSource);
  }

  /** That of the last source. */
  getBoundedness(): Boundedness {
    return this.#sources[this.#sources.length - 1].getBoundedness();
  }

  createEnumerator(context: SplitEnumeratorContext<HybridSourceSplit>): SplitEnumerator<HybridSourceSplit, HybridSourceState> {
    return new HybridSourceEnumerator(context, this.#sources, null);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<HybridSourceSplit>,
    state: HybridSourceState,
  ): SplitEnumerator<HybridSourceSplit, HybridSourceState> {
    return new HybridSourceEnumerator(context, this.#sources, state);
  }

  createReader(context: SourceReaderContext): SourceReader<T, HybridSourceSplit> {
    return new HybridSourceReader(context, this.#sources);
  }
}

/** Builds a `HybridSource`. (Flink: docs/connectors/datastream/hybridsource) */
export class HybridSourceBuilder<T> {
  readonly #sources: Source<T>[] = [];

  /**
   * Adds the source to read next.
   * @throws Diagnostic HYBRID_SOURCE_UNBOUNDED when a source that never ends would come before this one.
   */
  addSource<S extends SourceSplit, C>(source: Source<T, S, C>): this {
    const before = this.#sources.at(-1);
    if (before?.getBoundedness() === "CONTINUOUS_UNBOUNDED") {
      throw new Diagnostic({
        code: "HYBRID_SOURCE_UNBOUNDED",
        phase: "graph",
        message: "All sources except the final source need to be bounded.",
        found: "a source that never ends, with another one after it",
        hint: "Give it an end, e.g. setBounded(OffsetsInitializer.latest()).",
      });
    }
    this.#sources.push(source as unknown as Source<T>);
    return this;
  }

  /** The finished source. */
  build(): HybridSource<T> {
    return new HybridSource([...this.#sources]);
  }
}

type PauseOrResume = (splitsToPause: readonly string[], splitsToResume: readonly string[]) => void;

class HybridSourceReader<T> implements SourceReader<T, HybridSourceSplit> {
  readonly #context: SourceReaderContext;
  readonly #sources: readonly Source<T>[];
  readonly #availability = new ReaderAvailability();
  #reader: SourceReader<T, SourceSplit> | null = null;
  #sourceIndex = -1;
  #finished = false;
  /** Of sources that the reader has not come to yet. */
  #waiting: HybridSourceSplit[] = [];

  constructor(context: SourceReaderContext, sources: readonly Source<T>[]) {
    this.#context = context;
    this.#sources = sources;
  }

  start(): void {
    const first = this.#waiting[0];
    this.#reportFinished(first === undefined ? -1 : first.sourceIndex - 1);
  }

  pollNext(output: ReaderOutput<T>): InputStatus {
    if (this.#reader === null || this.#finished) return "NOTHING_AVAILABLE";
    const status = this.#reader.pollNext(output);
    if (status !== "END_OF_INPUT" || this.#sourceIndex === this.#sources.length - 1) return status;
    this.#finished = true;
    this.#reportFinished(this.#sourceIndex);
    return "NOTHING_AVAILABLE";
  }

  isAvailable(): CompletableFuture<void> {
    return this.#reader === null || this.#finished ? this.#availability.waiting() : this.#reader.isAvailable();
  }

  addSplits(splits: readonly HybridSourceSplit[]): void {
    this.#waiting.push(...splits);
    this.#handOver();
  }

  handleSourceEvents(event: SourceEvent): void {
    if ("switchToSource" in event) this.#switchTo((event as SwitchSourceEvent).switchToSource);
    else this.#reader?.handleSourceEvents?.(event);
  }

  notifyNoMoreSplits(): void {
    this.#reader?.notifyNoMoreSplits();
  }

  /** It can when the reader of the current source can. */
  get pauseOrResumeSplits(): PauseOrResume | undefined {
    const reader = this.#reader;
    if (reader?.pauseOrResumeSplits === undefined) return undefined;
    return (splitsToPause, splitsToResume) => reader.pauseOrResumeSplits?.(splitsToPause, splitsToResume);
  }

  lastPosition(): { readonly topic: string; readonly partition: number; readonly offset: number } {
    return this.#reader?.lastPosition?.() ?? { topic: "", partition: this.#sourceIndex, offset: -1 };
  }

  snapshotState(checkpointId: number): readonly HybridSourceSplit[] {
    const current = this.#reader?.snapshotState(checkpointId) ?? [];
    return [...current.map((split) => wrapSplit(this.#sourceIndex, split)), ...this.#waiting];
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#reader?.notifyCheckpointComplete?.(checkpointId);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.#reader?.notifyCheckpointAborted?.(checkpointId);
  }

  close(): void {
    this.#reader?.close();
  }

  #switchTo(sourceIndex: number): void {
    invariant(
      sourceIndex === this.#sourceIndex + 1 || this.#reader === null,
      `reader of source ${this.#sourceIndex} was sent to ${sourceIndex}`,
    );
    this.#reader?.close();
    this.#sourceIndex = sourceIndex;
    this.#finished = false;
    this.#reader = this.#sources[sourceIndex].createReader(this.#context);
    this.#handOver();
    this.#reader.start();
    this.#availability.notify();
  }

  #handOver(): void {
    const reader = this.#reader;
    const sourceIndex = this.#sourceIndex;
    if (reader === null) return;
    const own = this.#waiting.filter((split) => split.sourceIndex === sourceIndex);
    if (own.length === 0) return;
    this.#waiting = this.#waiting.filter((split) => split.sourceIndex !== sourceIndex);
    reader.addSplits(own.map(({ wrapped }) => wrapped));
  }

  #reportFinished(finishedSource: number): void {
    const event: ReaderFinishedEvent = { finishedSource };
    this.#context.sendSourceEventToCoordinator(event);
  }
}
