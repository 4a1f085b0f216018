/**
 * The source of Nexmark events. As many splits as there are readers at the start; split i of n has every n-th event, beginning with event i, so
 * that all readers go through the same stretch of event time together. A reader with several splits takes the earliest event among them.
 */
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
} from "../../flow/source.ts";
import type { Row } from "../../types/row.ts";
import { FixedSplitsEnumerator } from "../base/fixed-splits-enumerator.ts";
import { type Position, PositionsReader } from "../base/positions-reader.ts";
import { NexmarkGenerator } from "./nexmark-generator.ts";
import type { NexmarkSettings } from "./nexmark-settings.ts";

/** The events `next`, `next + stride`, … */
export interface NexmarkSplit extends SourceSplit {
  /** 0, 1, 2 … */
  readonly number: number;
  readonly next: number;
  readonly stride: number;
  /** Processing time at which its first event left, epoch ms; null before. */
  readonly startMs: number | null;
}

export class NexmarkSource implements Source<Row, NexmarkSplit, readonly NexmarkSplit[]> {
  readonly #settings: NexmarkSettings;

  constructor(settings: NexmarkSettings) {
    this.#settings = settings;
  }

  getBoundedness(): Boundedness {
    return this.#settings.events === null ? "CONTINUOUS_UNBOUNDED" : "BOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<NexmarkSplit>): SplitEnumerator<NexmarkSplit, readonly NexmarkSplit[]> {
    const stride = context.currentParallelism();
    const splits = Array.from(
      { length: stride },
      (_, i): NexmarkSplit => ({
        splitId: `nexmark-${i}`,
        number: i,
        next: i,
        stride,
        startMs: null,
      }),
    );
    return this.restoreEnumerator(context, splits);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<NexmarkSplit>,
    state: readonly NexmarkSplit[],
  ): SplitEnumerator<NexmarkSplit, readonly NexmarkSplit[]> {
    return new FixedSplitsEnumerator(context, state, ({ number }) => number);
  }

  createReader(context: SourceReaderContext): SourceReader<Row, NexmarkSplit> {
    return new NexmarkReader(context, this.#settings);
  }
}

/** Where events come by the clock, they come in steps of so much time. */
const PACE_MS = 100;

class NexmarkReader extends PositionsReader<Row, NexmarkSplit> {
  readonly #settings: NexmarkSettings;
  readonly #generator: NexmarkGenerator;
  readonly #end: number = 0;
  readonly #recordsPerPoll: number = 0;
  #closed = false;

  constructor(context: SourceReaderContext, settings: NexmarkSettings) {
    super(context);
    this.#settings = settings;
    this.#generator = new NexmarkGenerator(settings);
    this.#end = settings.events ?? Number.POSITIVE_INFINITY;
    this.#recordsPerPoll = context.recordsPerPoll;
  }

  pollNext(output: ReaderOutput<Row>): InputStatus {
    if (this.#closed) return "END_OF_INPUT";
    for (let count = 0; count < this.#recordsPerPoll; count++) {
      const position = this.#earliest();
      if (position === null) return this.exhausted;
      if (!this.#settings.flatOut && this.#mustWait(position)) return count === 0 ? "NOTHING_AVAILABLE" : "MORE_AVAILABLE";
      output.collect(this.#generator.event(position.next));
      position.next += position.stride;
    }
    return "MORE_AVAILABLE";
  }

  #earliest(): Position<NexmarkSplit> | null {
    let earliest: Position<NexmarkSplit> | null = null;
    for (const position of this.positions) {
      if (position.next < this.#end && (earliest === null || position.next < earliest.next)) earliest = position;
    }
    return earliest;
  }

  /** As long after the first event in processing time as in event time. */
  #mustWait(position: Position<NexmarkSplit>): boolean {
    const nowMs = this.context.currentMs();
    position.startMs ??= nowMs;
    const afterMs = this.#generator.timeMs(position.next) - this.#settings.baseTimeMs;
    const dueMs = position.startMs + Math.ceil(afterMs / PACE_MS) * PACE_MS;
    if (dueMs <= nowMs) return false;
    this.context.wakeAt(dueMs);
    return true;
  }

  override close(): void {
    this.#closed = true;
  }
}
