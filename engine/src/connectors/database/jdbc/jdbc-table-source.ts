/** The rows that a table has when it is read, once. A restored reader reads the table again and goes on behind as many rows. Flink: `JdbcRowDataInputFormat`. */
import type { CompletableFuture } from "../../../flow/completable-future.ts";
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
} from "../../../flow/source.ts";
import { ReaderAvailability } from "../../reader-availability.ts";
import { systemsOf } from "../../systems/outside-system.ts";
import { PostgresDatabase } from "../database.ts";
import type { Row } from "../database-description.ts";

export interface JdbcTableSplit extends SourceSplit {
  /** Rows emitted so far. */
  readonly position: number;
}

export interface JdbcTableSourceSettings<T> {
  readonly database: string;
  readonly table: string;
  readonly decode: (row: Row) => T;
}

export class JdbcTableSource<T> implements Source<T, JdbcTableSplit, readonly JdbcTableSplit[]> {
  private readonly settings: JdbcTableSourceSettings<T>;

  constructor(settings: JdbcTableSourceSettings<T>) {
    this.settings = settings;
  }

  getBoundedness(): Boundedness {
    return "BOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<JdbcTableSplit>): SplitEnumerator<JdbcTableSplit, readonly JdbcTableSplit[]> {
    return new OneSplitEnumerator(context, [{ splitId: this.settings.table, position: 0 }]);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<JdbcTableSplit>,
    state: readonly JdbcTableSplit[],
  ): SplitEnumerator<JdbcTableSplit, readonly JdbcTableSplit[]> {
    return new OneSplitEnumerator(context, state);
  }

  createReader(context: SourceReaderContext): SourceReader<T, JdbcTableSplit> {
    return new JdbcTableReader(this.settings, context);
  }
}

class OneSplitEnumerator implements SplitEnumerator<JdbcTableSplit, readonly JdbcTableSplit[]> {
  private readonly context: SplitEnumeratorContext<JdbcTableSplit>;
  private splits: readonly JdbcTableSplit[];

  constructor(context: SplitEnumeratorContext<JdbcTableSplit>, splits: readonly JdbcTableSplit[]) {
    this.context = context;
    this.splits = splits;
  }

  start(): void {}

  addReader(subtaskIndex: number): void {
    if (subtaskIndex === 0) {
      for (const split of this.splits) this.context.assignSplit(split, 0);
      this.splits = [];
    }
    this.context.signalNoMoreSplits(subtaskIndex);
  }

  handleSplitRequest(): void {}

  addSplitsBack(splits: readonly JdbcTableSplit[]): void {
    this.splits = [...this.splits, ...splits];
  }

  snapshotState(): readonly JdbcTableSplit[] {
    return this.splits;
  }

  close(): void {}
}

class JdbcTableReader<T> implements SourceReader<T, JdbcTableSplit> {
  private readonly settings: JdbcTableSourceSettings<T>;
  private readonly context: SourceReaderContext;
  private readonly availability = new ReaderAvailability();
  private split: { readonly splitId: string; position: number } | null = null;
  private rows: readonly Row[] | null = null;
  private noMoreSplits = false;

  constructor(settings: JdbcTableSourceSettings<T>, context: SourceReaderContext) {
    this.settings = settings;
    this.context = context;
  }

  start(): void {}

  addSplits(splits: readonly JdbcTableSplit[]): void {
    for (const split of splits) this.split = { ...split };
    this.availability.notify();
  }

  notifyNoMoreSplits(): void {
    this.noMoreSplits = true;
    this.availability.notify();
  }

  isAvailable(): CompletableFuture<void> {
    return this.availability.waiting();
  }

  pollNext(output: ReaderOutput<T>): InputStatus {
    const { split } = this;
    if (split === null) return this.noMoreSplits ? "END_OF_INPUT" : "NOTHING_AVAILABLE";
    this.rows ??= this.read();
    for (let count = 0; count < this.context.recordsPerPoll; count++) {
      if (split.position >= this.rows.length) return "END_OF_INPUT";
      output.collect(this.settings.decode(this.rows[split.position++]));
    }
    return "MORE_AVAILABLE";
  }

  private read(): readonly Row[] {
    const connection = systemsOf(this.context.outside).get(this.settings.database, PostgresDatabase).connect({});
    try {
      return connection.select(this.settings.table);
    } finally {
      connection.close();
    }
  }

  snapshotState(): readonly JdbcTableSplit[] {
    return this.split === null ? [] : [{ ...this.split }];
  }

  close(): void {}
}
