/**
 * Sources that make their records from a running number: `DataGeneratorSource`, and on top of it collections and number sequences.
 * A split is a range of numbers; a reader asks for one when it has none (Flink: `NumberSequenceSource`, `IteratorSourceEnumerator`).
 */
import { Diagnostic } from "../base/diagnostic.ts";
import type { CompletableFuture } from "../flow/completable-future.ts";
import type {
  Boundedness,
  InputStatus,
  ReaderOutput,
  Source,
  SourceReader,
  SourceReaderContext,
  SourceSplit,
  SplitEnumerator,
  SplitEnumeratorContext,
} from "../flow/source.ts";
import { ReaderAvailability } from "./reader-availability.ts";

/** Numbers from `next` to `to`, both included. */
export interface NumberRangeSplit extends SourceSplit {
  readonly next: number;
  readonly to: number;
}

/** How fast a generator may go. Flink: `RateLimiterStrategy`. (Flink: docs/connectors/datastream/datagen) */
export class RateLimiterStrategy {
  /** Records per second over all subtasks; Infinity = as fast as possible. */
  readonly recordsPerSecond: number;

  /** Records between two checkpoints over all subtasks; Infinity = any number. */
  readonly recordsPerCheckpoint: number;

  private constructor(recordsPerSecond: number, recordsPerCheckpoint: number) {
    this.recordsPerSecond = recordsPerSecond;
    this.recordsPerCheckpoint = recordsPerCheckpoint;
  }

  /** So many records per second of processing time, over all subtasks together. */
  static perSecond(records: number): RateLimiterStrategy {
    if (!(records > 0)) {
      throw new Diagnostic({
        code: "SOURCE_RATE",
        phase: "graph",
        message: "maxPerSecond has to be a positive number.",
        found: `${records} records per second`,
        expected: "more than 0",
      });
    }
    return new RateLimiterStrategy(records, Number.POSITIVE_INFINITY);
  }

  /** So many records until the next checkpoint is complete, over all subtasks together. Needs checkpointing. */
  static perCheckpoint(records: number): RateLimiterStrategy {
    if (!(records > 0)) {
      throw new Diagnostic({
        code: "SOURCE_RATE",
        phase: "graph",
        message: "recordsPerCheckpoint has to be a positive number.",
        found: `${records} records per checkpoint`,
        expected: "more than 0",
      });
    }
    return new RateLimiterStrategy(Number.POSITIVE_INFINITY, records);
  }

  /** As fast as records are taken. */
  static noOp(): RateLimiterStrategy {
    return new RateLimiterStrategy(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  }
}

export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Calls `generate` with each number of the range and emits what it returns. The function must depend on the number only: after a
 * restore, numbers since the checkpoint come again. Records carry no timestamp.
 */
export class NumberRangeSource<T> implements Source<T, NumberRangeSplit, readonly NumberRangeSplit[]> {
  readonly #range: NumberRange;
  readonly #generate: (index: number) => T;
  readonly #rate: RateLimiterStrategy;

  constructor(range: NumberRange, generate: (index: number) => T, rate: RateLimiterStrategy = RateLimiterStrategy.noOp()) {
    this.#range = range;
    this.#generate = generate;
    this.#rate = rate;
  }

  getBoundedness(): Boundedness {
    return "BOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<NumberRangeSplit>): SplitEnumerator<NumberRangeSplit, readonly NumberRangeSplit[]> {
    return this.restoreEnumerator(context, splitRange(this.#range, context.currentParallelism()));
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<NumberRangeSplit>,
    state: readonly NumberRangeSplit[],
  ): SplitEnumerator<NumberRangeSplit, readonly NumberRangeSplit[]> {
    return new RangeEnumerator(context, state);
  }

  createReader(context: SourceReaderContext): SourceReader<T, NumberRangeSplit> {
    return new RangeReader(context, this.#generate, this.#rate);
  }
}

/**
 * Makes a record of a running number. It must depend on the number only: after a restore numbers come again. Flink: `GeneratorFunction`.
 * (Flink: docs/connectors/datastream/datagen)
 */
export interface GeneratorFunction<T> {
  /** @param index 0, 1, 2 … */
  map(index: number): T;
}

/**
 * Calls `generator` with the numbers 0 to `count` - 1, at most as fast as the rate says. The type information of Flink's spelling is
 * accepted in its place. Flink: `DataGeneratorSource`. (Flink: docs/connectors/datastream/datagen)
 */
export class DataGeneratorSource<T> extends NumberRangeSource<T> {
  constructor(generator: GeneratorFunction<T> | ((index: number) => T), count: number, rateOrType?: unknown, _type?: unknown) {
    const generate = typeof generator === "function" ? generator : (index: number) => generator.map(index);
    super({ from: 0, to: count - 1 }, generate, rateOrType instanceof RateLimiterStrategy ? rateOrType : RateLimiterStrategy.noOp());
  }
}

/** Cuts a range into at most `parts` pieces of nearly equal size (Flink: `NumberSequenceIterator.split`). */
function splitRange({ from, to }: NumberRange, parts: number): NumberRangeSplit[] {
  const splits: NumberRangeSplit[] = [];
  const size = to - from + 1;
  let next = from;
  for (let part = 0; part < parts && next <= to; part++) {
    const length = Math.floor(size / parts) + (part < size % parts ? 1 : 0);
    if (length === 0) continue;
    splits.push({ splitId: String(part + 1), next, to: next + length - 1 });
    next += length;
  }
  return splits;
}

class RangeEnumerator implements SplitEnumerator<NumberRangeSplit, readonly NumberRangeSplit[]> {
  readonly #context: SplitEnumeratorContext<NumberRangeSplit>;
  readonly #remaining: NumberRangeSplit[];

  constructor(context: SplitEnumeratorContext<NumberRangeSplit>, remaining: readonly NumberRangeSplit[]) {
    this.#context = context;
    this.#remaining = [...remaining];
  }

  start(): void {}

  addReader(): void {}

  handleSplitRequest(subtaskIndex: number): void {
    const split = this.#remaining.shift();
    if (split === undefined) this.#context.signalNoMoreSplits(subtaskIndex);
    else this.#context.assignSplit(split, subtaskIndex);
  }

  addSplitsBack(splits: readonly NumberRangeSplit[]): void {
    this.#remaining.unshift(...splits);
  }

  snapshotState(): readonly NumberRangeSplit[] {
    return [...this.#remaining];
  }

  close(): void {}
}

const CHECKPOINT_WAIT_MS = 1000;

interface RangePosition {
  readonly splitId: string;
  next: number;
  readonly to: number;
}

class RangeReader<T> implements SourceReader<T, NumberRangeSplit> {
  readonly #context: SourceReaderContext;
  readonly #generate: (index: number) => T;
  readonly #recordsPerSecond: number = 0;
  readonly #recordsPerCheckpoint: number = 0;
  readonly #limited: boolean = false;
  readonly #recordsPerPoll: number = 0;
  #emittedSinceCheckpoint = 0;
  readonly #positions: RangePosition[] = [];
  readonly #availability = new ReaderAvailability();
  #requested = false;
  #noMoreSplits = false;
  #closed = false;
  /** Rate limit: records emitted since `rateStartMs`. */
  #emitted = 0;
  #rateStartMs = -1;

  constructor(context: SourceReaderContext, generate: (index: number) => T, rate: RateLimiterStrategy) {
    this.#context = context;
    this.#generate = generate;
    this.#recordsPerSecond = rate.recordsPerSecond / context.currentParallelism();
    this.#recordsPerCheckpoint = rate.recordsPerCheckpoint / context.currentParallelism();
    this.#limited = Number.isFinite(this.#recordsPerSecond) || Number.isFinite(this.#recordsPerCheckpoint);
    this.#recordsPerPoll = context.recordsPerPoll;
  }

  start(): void {
    if (this.#positions.length === 0) this.#requestSplit();
  }

  #requestSplit(): void {
    if (this.#requested || this.#noMoreSplits) return;
    this.#requested = true;
    this.#context.sendSplitRequest();
  }

  addSplits(splits: readonly NumberRangeSplit[]): void {
    for (const { splitId, next, to } of splits) this.#positions.push({ splitId, next, to });
    this.#requested = false;
    this.#availability.notify();
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true;
    this.#availability.notify();
  }

  isAvailable(): CompletableFuture<void> {
    return this.#availability.waiting();
  }

  /** As Flink's iterator sources, it tells its splits apart in checkpoints only: the records go to the reader's own output. */
  pollNext(output: ReaderOutput<T>): InputStatus {
    if (this.#closed) return "END_OF_INPUT";
    const position = this.#positions[0];
    if (position === undefined) {
      if (this.#noMoreSplits) return "END_OF_INPUT";
      this.#requestSplit();
      return "NOTHING_AVAILABLE";
    }
    const generate = this.#generate;
    for (let count = 0; count < this.#recordsPerPoll && position.next <= position.to; count++) {
      if (this.#limited && this.#mustWait()) return count === 0 ? "NOTHING_AVAILABLE" : "MORE_AVAILABLE";
      output.collect(generate(position.next++));
    }
    if (position.next > position.to) this.#positions.shift();
    return "MORE_AVAILABLE";
  }

  /** The n-th record may leave n / rate seconds after the first. */
  #mustWait(): boolean {
    if (this.#recordsPerCheckpoint !== Number.POSITIVE_INFINITY) return this.#mustWaitForCheckpoint();
    if (this.#recordsPerSecond === Number.POSITIVE_INFINITY) return false;
    const nowMs = this.#context.currentMs();
    if (this.#rateStartMs === -1) this.#rateStartMs = nowMs;
    const dueMs = this.#rateStartMs + Math.ceil((this.#emitted * 1000) / this.#recordsPerSecond);
    if (dueMs > nowMs) {
      this.#context.wakeAt(dueMs);
      return true;
    }
    this.#emitted++;
    return false;
  }

  #mustWaitForCheckpoint(): boolean {
    if (this.#emittedSinceCheckpoint < this.#recordsPerCheckpoint) {
      this.#emittedSinceCheckpoint++;
      return false;
    }
    // Looks again from time to time, so that nobody takes the source for one that has nothing more.
    this.#context.wakeAt(this.#context.currentMs() + CHECKPOINT_WAIT_MS);
    return true;
  }

  notifyCheckpointComplete(): void {
    this.#emittedSinceCheckpoint = 0;
    this.#availability.notify();
  }

  snapshotState(): readonly NumberRangeSplit[] {
    return this.#positions.map(({ splitId, next, to }) => ({ splitId, next, to }));
  }

  close(): void {
    this.#closed = true;
  }
}
