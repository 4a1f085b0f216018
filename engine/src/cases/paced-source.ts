/** A table whose rows come at given times, each with the watermark behind it. One split, whose position is the number of the next row. */
import {
  Boundedness,
  type InputStatus,
  type ReaderOutput,
  type Source,
  type SourceReader,
  type SourceReaderContext,
  type SourceSplit,
  type SplitEnumerator,
  type SplitEnumeratorContext,
} from "../flow/connector.ts";
import { FixedSplitsEnumerator } from "../connectors/base/fixed-splits-enumerator.ts";
import { PositionsReader } from "../connectors/base/positions-reader.ts";
import type { Row } from "../types/row.ts";

export interface PacedRow {
  readonly atMs: number;
  readonly row: Row;
  /** null = none, or none yet. */
  readonly watermarkMs: number | null;
}

interface PacedSplit extends SourceSplit {
  readonly next: number;
}

export class PacedSource implements Source<Row, PacedSplit, readonly PacedSplit[]> {
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

  createEnumerator(context: SplitEnumeratorContext<PacedSplit>): SplitEnumerator<PacedSplit, readonly PacedSplit[]> {
    return this.restoreEnumerator(context, [{ splitId: "rows", next: 0 }]);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<PacedSplit>,
    state: readonly PacedSplit[],
  ): SplitEnumerator<PacedSplit, readonly PacedSplit[]> {
    return new FixedSplitsEnumerator(context, state);
  }

  createReader(context: SourceReaderContext): SourceReader<Row, PacedSplit> {
    return new PacedReader(this.rows, this.endMs, context);
  }
}

class PacedReader extends PositionsReader<Row, PacedSplit> {
  private readonly rows: readonly PacedRow[];
  private readonly endMs: number;

  constructor(rows: readonly PacedRow[], endMs: number, context: SourceReaderContext) {
    super(context);
    this.rows = rows;
    this.endMs = endMs;
  }

  pollNext(output: ReaderOutput<Row>): InputStatus {
    const [position] = this.positions;
    if (position === undefined) return this.exhausted;
    const { next } = position;
    const dueMs = next < this.rows.length ? this.rows[next].atMs : this.endMs;
    if (dueMs > this.context.currentMs()) {
      this.context.wakeAt(dueMs);
      return "NOTHING_AVAILABLE";
    }
    if (next >= this.rows.length) return "END_OF_INPUT";
    const { row, watermarkMs } = this.rows[next];
    output.collect(row.slice());
    if (watermarkMs !== null) output.emitWatermark(watermarkMs);
    position.next = next + 1;
    return "MORE_AVAILABLE";
  }
}
