/** The enumerator of a hybrid source: that of the source being read, and the switch to the next. See hybrid-source.ts. */
import { accessOf, granting } from "../flow/engine-access.ts";
import type { Source, SourceEvent, SourceSplit, SplitEnumerator, SplitEnumeratorContext } from "../flow/source.ts";
import { SplitsAssignment } from "../flow/source.ts";
import { type HybridSourceSplit, type ReaderFinishedEvent, type SwitchSourceEvent, wrapSplit } from "./hybrid-source-split.ts";

export interface HybridSourceState {
  readonly sourceIndex: number;
  /** State of that source's enumerator. */
  readonly wrapped: unknown;
}

export class HybridSourceEnumerator implements SplitEnumerator<HybridSourceSplit, HybridSourceState> {
  readonly #context: SplitEnumeratorContext<HybridSourceSplit>;
  readonly #sources: readonly Source<unknown>[];
  readonly #restored: HybridSourceState | null;
  #sourceIndex: number = 0;
  #enumerator: SplitEnumerator<SourceSplit> | null = null;
  /** Source that each reader reads; readers that have not said anything yet are absent. */
  readonly #readerSource = new Map<number, number>();
  readonly #finishedReaders = new Set<number>();
  /** Splits that came back and are of a source that is over for the enumerator. */
  readonly #returned = new Map<number, HybridSourceSplit[]>();

  constructor(context: SplitEnumeratorContext<HybridSourceSplit>, sources: readonly Source<unknown>[], restored: HybridSourceState | null) {
    this.#context = context;
    this.#sources = sources;
    this.#restored = restored;
    this.#sourceIndex = restored?.sourceIndex ?? 0;
  }

  start(): void {
    this.#startEnumerator(this.#restored === null ? null : { state: this.#restored.wrapped });
  }

  /** Readers register with the inner enumerator when they have come to its source. */
  addReader(): void {}

  handleSplitRequest(subtaskId: number, requesterHostname?: string): void {
    if (this.#readerSource.get(subtaskId) === this.#sourceIndex) this.#enumerator?.handleSplitRequest(subtaskId, requesterHostname);
    else this.#context.signalNoMoreSplits(subtaskId);
  }

  addSplitsBack(splits: readonly HybridSourceSplit[], subtaskId: number): void {
    const current = splits.filter((split) => split.sourceIndex === this.#sourceIndex);
    if (current.length > 0) {
      this.#enumerator?.addSplitsBack(
        current.map(({ wrapped }) => wrapped),
        subtaskId,
      );
    }
    const earlier = splits.filter((split) => split.sourceIndex !== this.#sourceIndex);
    if (earlier.length > 0) this.#returned.set(subtaskId, [...(this.#returned.get(subtaskId) ?? []), ...earlier]);
  }

  handleSourceEvent(subtaskId: number, event: SourceEvent): void {
    if (!("finishedSource" in event)) {
      this.#enumerator?.handleSourceEvent?.(subtaskId, event);
      return;
    }
    const { finishedSource } = event as ReaderFinishedEvent;
    if (finishedSource < this.#sourceIndex) {
      this.#sendTo(subtaskId, finishedSource + 1);
      return;
    }
    this.#finishedReaders.add(subtaskId);
    if (this.#finishedReaders.size === this.#context.currentParallelism()) this.#switchToNext();
  }

  snapshotState(checkpointId: number): HybridSourceState {
    return { sourceIndex: this.#sourceIndex, wrapped: this.#enumerator?.snapshotState(checkpointId) };
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#enumerator?.notifyCheckpointComplete?.(checkpointId);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.#enumerator?.notifyCheckpointAborted?.(checkpointId);
  }

  close(): void {
    this.#enumerator?.close();
  }

  #switchToNext(): void {
    const readers = [...this.#finishedReaders];
    this.#finishedReaders.clear();
    this.#enumerator?.close();
    this.#sourceIndex++;
    this.#startEnumerator(null);
    for (const subtaskId of readers) this.#sendTo(subtaskId, this.#sourceIndex);
  }

  #startEnumerator(restored: { readonly state: unknown } | null): void {
    const source = this.#sources[this.#sourceIndex];
    const context = this.#contextFor(this.#sourceIndex);
    this.#enumerator = restored === null ? source.createEnumerator(context) : source.restoreEnumerator(context, restored.state);
    this.#enumerator.start();
  }

  /** A reader that is behind goes through the earlier sources first, since it may have restored splits of them. */
  #sendTo(subtaskId: number, sourceIndex: number): void {
    const event: SwitchSourceEvent = { switchToSource: sourceIndex };
    this.#context.sendEventToSourceReader(subtaskId, event);
    this.#readerSource.set(subtaskId, sourceIndex);
    const returned = this.#returned.get(subtaskId)?.filter((split) => split.sourceIndex === sourceIndex) ?? [];
    for (const split of returned) this.#context.assignSplit(split, subtaskId);
    if (sourceIndex === this.#sourceIndex) this.#enumerator?.addReader(subtaskId);
    else this.#context.signalNoMoreSplits(subtaskId);
  }

  #contextFor(sourceIndex: number): SplitEnumeratorContext<SourceSplit> {
    const context = this.#context;
    const given: SplitEnumeratorContext<SourceSplit> = {
      currentParallelism: () => context.currentParallelism(),
      registeredReaders: () =>
        new Map([...context.registeredReaders()].filter(([subtaskId]) => this.#readerSource.get(subtaskId) === sourceIndex)),
      assignSplits: (assignment) => {
        const bySubtask = assignment instanceof SplitsAssignment ? assignment.assignment() : assignment;
        context.assignSplits(
          new Map([...bySubtask].map(([subtaskId, splits]) => [subtaskId, splits.map((split) => wrapSplit(sourceIndex, split))])),
        );
      },
      assignSplit: (split, subtaskId) => context.assignSplit(wrapSplit(sourceIndex, split), subtaskId),
      signalNoMoreSplits: (subtaskId) => context.signalNoMoreSplits(subtaskId),
      sendEventToSourceReader: (subtaskId, event) => context.sendEventToSourceReader(subtaskId, event),
      callAsync: (callable, handler, initialDelayMs, periodMs) =>
        context.callAsync(
          callable,
          (result, error) => {
            // What an enumerator of an earlier source had asked for is of no interest any more.
            if (this.#sourceIndex === sourceIndex) handler(result, error);
          },
          initialDelayMs,
          periodMs,
        ),
      runInCoordinatorThread: (action) => context.runInCoordinatorThread(action),
      setIsProcessingBacklog: (isProcessingBacklog) => context.setIsProcessingBacklog(isProcessingBacklog),
      metricGroup: () => context.metricGroup(),
      currentMs: () => context.currentMs(),
    };
    return granting(given, accessOf(context));
  }
}
