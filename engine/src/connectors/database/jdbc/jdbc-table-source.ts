/** The rows that a table has when it is read, once. A restored reader reads the table again and goes on behind as many rows. Flink: `JdbcRowDataInputFormat`. */
import { outsideOf } from "../../../flow/engine-access.ts";
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
import { FixedSplitsEnumerator } from "../../base/fixed-splits-enumerator.ts";
import { PositionsReader } from "../../base/positions-reader.ts";
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
  readonly #settings: JdbcTableSourceSettings<T>;

  constructor(settings: JdbcTableSourceSettings<T>) {
    this.#settings = settings;
  }

  getBoundedness(): Boundedness {
    return "BOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<JdbcTableSplit>): SplitEnumerator<JdbcTableSplit, readonly JdbcTableSplit[]> {
    return new FixedSplitsEnumerator(context, [{ splitId: this.#settings.table, position: 0 }]);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<JdbcTableSplit>,
    state: readonly JdbcTableSplit[],
  ): SplitEnumerator<JdbcTableSplit, readonly JdbcTableSplit[]> {
    return new FixedSplitsEnumerator(context, state);
  }

  createReader(context: SourceReaderContext): SourceReader<T, JdbcTableSplit> {
    return new JdbcTableReader(this.#settings, context);
  }
}

class JdbcTableReader<T> extends PositionsReader<T, JdbcTableSplit> {
  readonly #settings: JdbcTableSourceSettings<T>;
  #rows: readonly Row[] | null = null;

  constructor(settings: JdbcTableSourceSettings<T>, context: SourceReaderContext) {
    super(context);
    this.#settings = settings;
  }

  pollNext(output: ReaderOutput<T>): InputStatus {
    const [position] = this.positions;
    if (position === undefined) return this.exhausted;
    this.#rows ??= this.#read();
    for (let count = 0; count < this.context.recordsPerPoll; count++) {
      if (position.position >= this.#rows.length) return "END_OF_INPUT";
      output.collect(this.#settings.decode(this.#rows[position.position++]));
    }
    return "MORE_AVAILABLE";
  }

  #read(): readonly Row[] {
    const connection = systemsOf(outsideOf(this.context)).get(this.#settings.database, PostgresDatabase).connect({});
    try {
      return connection.select(this.#settings.table);
    } finally {
      connection.close();
    }
  }
}
