/** A table whose rows come at given times, each with the watermark behind it. One split, whose position is the number of the next row. */
import {
  Boundedness,
  CompletableFuture,
  InputStatus,
  type ReaderOutput,
  type Source,
  type SourceReader,
  type SourceReaderContext,
  type SourceSplit,
  type SplitEnumerator,
  type SplitEnumeratorContext,
} from "../../../src/index.ts";
import type { Row } from "../../../src/types/row.ts";

export interface PacedRow {
  readonly atMs: number;
  readonly row: Row;
  /** null = none, or none yet. */
  readonly watermarkMs: number | null;
}

interface Position extends SourceSplit {
  readonly next: number;
}

export class PacedSource implements Source<Row, Position, boolean> {
  private readonly rows: readonly PacedRow[];
  private readonly endMs: number;

  /** @param endMs when the input ends. */
  constructor(rows: readonly PacedRow[], endMs: number) {
    this.rows = rows;
    this.endMs = endMs;
  }

  getBoundedness(): Boundedness {
    return Boundedness.BOUNDED;
  }

  createEnumerator(context: SplitEnumeratorContext<Position>): SplitEnumerator<Position, boolean> {
    return this.restoreEnumerator(context, false);
  }

  restoreEnumerator(context: SplitEnumeratorContext<Position>, assigned: boolean): SplitEnumerator<Position, boolean> {
    let isAssigned = assigned;
    return {
      start() {},
      addReader(subtask) {
        if (!isAssigned && subtask === 0) {
          context.assignSplit({ splitId: "rows", next: 0 }, subtask);
          isAssigned = true;
        }
        context.signalNoMoreSplits(subtask);
      },
      handleSplitRequest() {},
      addSplitsBack() {
        isAssigned = false;
      },
      snapshotState: () => isAssigned,
      close() {},
    };
  }

  createReader(context: SourceReaderContext): SourceReader<Row, Position> {
    return new PacedReader(this.rows, this.endMs, context);
  }
}

class PacedReader implements SourceReader<Row, Position> {
  private readonly rows: readonly PacedRow[];
  private readonly endMs: number;
  private readonly context: SourceReaderContext;
  private readonly available = new CompletableFuture<void>();
  /** null = the rows are another reader's. */
  private next: number | null = null;
  private noMoreSplits = false;

  constructor(rows: readonly PacedRow[], endMs: number, context: SourceReaderContext) {
    this.rows = rows;
    this.endMs = endMs;
    this.context = context;
  }

  start(): void {}

  addSplits([position]: readonly Position[]): void {
    this.next = position.next;
    this.context.wakeAt(this.context.currentMs());
  }

  notifyNoMoreSplits(): void {
    this.noMoreSplits = true;
    this.context.wakeAt(this.context.currentMs());
  }

  snapshotState(): readonly Position[] {
    return this.next === null ? [] : [{ splitId: "rows", next: this.next }];
  }

  pollNext(output: ReaderOutput<Row>): InputStatus {
    const { next } = this;
    if (next === null) return this.noMoreSplits ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
    const dueMs = next < this.rows.length ? this.rows[next].atMs : this.endMs;
    if (dueMs > this.context.currentMs()) {
      this.context.wakeAt(dueMs);
      return InputStatus.NOTHING_AVAILABLE;
    }
    if (next >= this.rows.length) return InputStatus.END_OF_INPUT;
    const { row, watermarkMs } = this.rows[next];
    output.collect(row.slice());
    if (watermarkMs !== null) output.emitWatermark(watermarkMs);
    this.next = next + 1;
    return InputStatus.MORE_AVAILABLE;
  }

  isAvailable(): CompletableFuture<void> {
    return this.available;
  }

  close(): void {}
}
