/**
 * `JdbcSink`: writes records to a table of one of the scenario's databases with a statement of the learner's.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/jdbc/)
 */
import { Diagnostic } from "../../../base/diagnostic.ts";
import type { Committer, CommitterInitContext, Sink, SinkWriter, WriterInitContext } from "../../../flow/sink.ts";
import { SinkAsFunction } from "../../sink-as-function.ts";
import { PostgresError } from "../postgres-error.ts";
import { type ParsedStatement, parseStatement } from "../sql/parse-statement.ts";
import type { JdbcQuery } from "./jdbc-batch.ts";
import { JdbcCommitter } from "./jdbc-committer.ts";
import { databaseNameOf, type JdbcConnectionOptions } from "./jdbc-connection-options.ts";
import type { JdbcExactlyOnceOptions } from "./jdbc-exactly-once-options.ts";
import { JdbcExecutionOptions } from "./jdbc-execution-options.ts";
import { BatchingJdbcWriter, type JdbcCommittable, type JdbcWriterState, XaJdbcWriter } from "./jdbc-writer.ts";
import type { XADataSource } from "./pg-xa-data-source.ts";
import type { JdbcStatementBuilder, PreparedStatement } from "./prepared-statement.ts";

/** A writer of database rows, for `stream.sinkTo`. Make one with `JdbcSink.builder<T>()`. (Flink: docs/connectors/datastream/jdbc) */
export class JdbcSink<T> implements Sink<T, JdbcCommittable, JdbcWriterState> {
  /** Present with exactly-once only: the presence makes the runtime add a committer. */
  readonly createCommitter?: (context: CommitterInitContext) => Committer<JdbcCommittable>;
  readonly #database: string;
  readonly #query: JdbcQuery<T>;
  readonly #options: JdbcExecutionOptions;
  readonly #exactlyOnce: JdbcExactlyOnceOptions | undefined;

  /** @internal Use `JdbcSink.builder()`. `exactlyOnce` undefined = batches are committed at once. */
  constructor(database: string, query: JdbcQuery<T>, options: JdbcExecutionOptions, exactlyOnce: JdbcExactlyOnceOptions | undefined) {
    this.#database = database;
    this.#query = query;
    this.#options = options;
    this.#exactlyOnce = exactlyOnce;
    if (exactlyOnce !== undefined) this.createCommitter = (context) => new JdbcCommitter(database, exactlyOnce, context);
  }

  /** Starts building; `T` is the type of the records. */
  static builder<T>(): JdbcSinkBuilder<T> {
    return new JdbcSinkBuilder<T>();
  }

  /**
   * As `builder().withQueryStatement(…).buildAtLeastOnce(…)`, for `stream.addSink`; the execution options may be left out.
   * @deprecated Use `JdbcSink.builder()` with `sinkTo`.
   */
  static sink<T>(
    query: string,
    statement: JdbcStatementBuilder<T>,
    options: JdbcExecutionOptions | JdbcConnectionOptions,
    connection?: JdbcConnectionOptions,
  ): SinkAsFunction<T> {
    const builder = JdbcSink.builder<T>().withQueryStatement(query, statement);
    if (options instanceof JdbcExecutionOptions) builder.withExecutionOptions(options);
    const connectionOptions = options instanceof JdbcExecutionOptions ? connection : options;
    return new SinkAsFunction<T>(builder.buildAtLeastOnce(connectionOptions as JdbcConnectionOptions) as Sink<T>);
  }

  /**
   * As `builder().withQueryStatement(…).buildExactlyOnce(…)`, for `stream.addSink`.
   * @deprecated Use `JdbcSink.builder()` with `sinkTo`.
   */
  static exactlyOnceSink<T>(
    query: string,
    statement: JdbcStatementBuilder<T>,
    options: JdbcExecutionOptions,
    exactlyOnceOptions: JdbcExactlyOnceOptions,
    dataSourceSupplier: () => XADataSource,
  ): SinkAsFunction<T> {
    const builder = JdbcSink.builder<T>().withQueryStatement(query, statement).withExecutionOptions(options);
    return new SinkAsFunction<T>(builder.buildExactlyOnce(exactlyOnceOptions, dataSourceSupplier) as Sink<T>);
  }

  createWriter(context: WriterInitContext): SinkWriter<T, JdbcCommittable, JdbcWriterState> {
    return this.restoreWriter(context, []);
  }

  restoreWriter(context: WriterInitContext, state: readonly JdbcWriterState[]): SinkWriter<T, JdbcCommittable, JdbcWriterState> {
    const database = this.#database;
    const query = this.#query;
    const options = this.#options;
    const exactlyOnce = this.#exactlyOnce;
    return exactlyOnce === undefined
      ? (new BatchingJdbcWriter(database, query, options, context) as SinkWriter<T, JdbcCommittable, JdbcWriterState>)
      : new XaJdbcWriter(database, query, options, exactlyOnce, context, state);
  }
}

/** A statement and how its values are set. (Flink: docs/connectors/datastream/jdbc) */
export interface JdbcQueryStatement<T> {
  /** The statement, with `?`. */
  query(): string;
  /** Sets the values for a record. */
  statement(statement: PreparedStatement, value: T): void;
}

/** Builds a `JdbcSink`. The statement is required. (Flink: docs/connectors/datastream/jdbc) */
export class JdbcSinkBuilder<T> {
  #query: JdbcQuery<T> | undefined;
  #options = JdbcExecutionOptions.defaults();

  /**
   * The statement for each record, and how its `?` are filled: INSERT (with ON CONFLICT … for upserts), UPDATE or DELETE.
   * Throws Diagnostic JDBC_BAD_STATEMENT.
   */
  withQueryStatement(query: string, statement: JdbcStatementBuilder<T>): this;
  /** As above, in one object. Throws Diagnostic JDBC_BAD_STATEMENT. */
  withQueryStatement(queryStatement: JdbcQueryStatement<T>): this;
  withQueryStatement(query: string | JdbcQueryStatement<T>, statement?: JdbcStatementBuilder<T>): this {
    if (typeof query === "string") this.#query = { parsed: parsedOrRefused(query), builder: statement as JdbcStatementBuilder<T> };
    else this.#query = { parsed: parsedOrRefused(query.query()), builder: (prepared, value) => query.statement(prepared, value) };
    return this;
  }

  /** Batches and retries. Default `JdbcExecutionOptions.defaults()`. */
  withExecutionOptions(executionOptions: JdbcExecutionOptions): this {
    this.#options = executionOptions;
    return this;
  }

  /** Each batch is committed when it is sent: a restart may send records again. An upsert makes that harmless. */
  buildAtLeastOnce(connectionOptions: JdbcConnectionOptions): JdbcSink<T> {
    return new JdbcSink(databaseNameOf(connectionOptions.getDbURL()), this.#requireQuery(), this.#options, undefined);
  }

  /**
   * Each checkpoint is an XA transaction, committed when the checkpoint is complete. The database must allow prepared transactions
   * (`max_prepared_transactions`), `maxRetries` must be 0, and PostgreSQL needs `withTransactionPerConnection(true)`.
   */
  buildExactlyOnce(exactlyOnceOptions: JdbcExactlyOnceOptions, dataSourceSupplier: () => XADataSource): JdbcSink<T> {
    return new JdbcSink(databaseNameOf(dataSourceSupplier().getUrl()), this.#requireQuery(), this.#options, exactlyOnceOptions);
  }

  #requireQuery(): JdbcQuery<T> {
    if (this.#query !== undefined) return this.#query;
    throw new Diagnostic({
      code: "JDBC_SINK_WITHOUT_STATEMENT",
      message: "queryStatement cannot be null",
      phase: "graph",
      hint: 'Call withQueryStatement("INSERT INTO … VALUES (?, ?)", (statement, value) => …) before building.',
    });
  }
}

function parsedOrRefused(query: string): ParsedStatement {
  try {
    return parseStatement(query);
  } catch (failure) {
    if (!(failure instanceof PostgresError)) throw failure;
    throw new Diagnostic({
      code: "JDBC_BAD_STATEMENT",
      message: failure.message.replace(/ Hint: .*$/, ""),
      phase: "graph",
      found: query,
      ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    });
  }
}
