import { spaceOfEnvironment, tableIn } from "./table-environment.ts";
import { relOf } from "./table-internals.ts";
import { internalsOf } from "../datastream/stream-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import type { StreamOrigin } from "../datastream/graph-builder.ts";
import { DataStream, SingleOutputStreamOperator } from "../datastream/streams.ts";
import type { StreamExecutionEnvironment } from "../datastream/stream-execution-environment.ts";
import type { StreamNode } from "../graph/stream-graph.ts";
import { TimestampsAndWatermarksOperator } from "../operators/timestamps-and-watermarks-operator.ts";
import type { InsertInto } from "../sql/1-parse/ast.ts";
import { bindInsertOf } from "../sql/2-analyze/bind-insert.ts";
import { lookUpTable } from "../sql/2-analyze/bind-table.ts";
import type { RelColumn } from "../sql/2-analyze/rel.ts";
import { watermarksOf } from "../sql/5-execute/source-watermarks.ts";
import type { CatalogTable } from "../sql/catalog/catalog.ts";
import { durationMs } from "../sql/catalog/options.ts";
import type { ColumnDefinition } from "../sql/catalog/table-definition.ts";
import { sessionEvaluation } from "../sql/session-evaluation.ts";
import { operatorPlan, sinkRel } from "../sql/session/plan-statement.ts";
import { resultTable } from "../sql/session/result-table.ts";
import { sessionSettings } from "../sql/session/session-settings.ts";
import { DataType } from "../sql/user-functions/data-types.ts";
import type { Row } from "../sql/user-functions/row.ts";
import { EnvironmentSettings } from "./environment-settings.ts";
import { identifier, NOWHERE } from "./expressions/expression-base.ts";
import { Schema } from "./schema.ts";
import { StreamStatementSet } from "./statement-set.ts";
import { ChangelogMode } from "../sql/user-functions/changelog-mode.ts";
import { objectFormOf, type RowForm, rowFormOf } from "./streams/row-form.ts";
import { SinkConversionOperator } from "./streams/sink-conversion.ts";
import { SourceConversionOperator } from "./streams/source-conversion.ts";
import { columnsOfStream } from "./streams/stream-columns.ts";
import type { Table } from "./table.ts";
import { TableEnvironment } from "./table-environment.ts";
import { insertInto } from "./table-space.ts";

/**
 * Tables and streams in one job: `StreamTableEnvironment.create(env)`. Streams become tables and tables streams; `env.execute()` runs what was made of
 * streams. Checkpoints, watermarks and restarts are those of the one job. (Flink: docs/dev/table/data_stream_api)
 */
export class StreamTableEnvironment extends TableEnvironment {
  /** An environment over one of streams. */
  static override create(env?: StreamExecutionEnvironment | EnvironmentSettings, settings?: EnvironmentSettings): StreamTableEnvironment;
  static override create(env: StreamExecutionEnvironment): StreamTableEnvironment {
    if (env === undefined || env instanceof EnvironmentSettings) {
      throw new Diagnostic({
        code: "TABLE_ENVIRONMENT",
        phase: "graph",
        message: "A StreamTableEnvironment is made for an environment of streams.",
        expected: "StreamTableEnvironment.create(env)",
      });
    }
    return new StreamTableEnvironment(env);
  }

  /**
   * A stream of new rows as a table. Its columns are those of the schema, or of the stream's type. The stream's watermarks stay when the schema has
   * `watermark("rowtime", "SOURCE_WATERMARK()")` over `columnByMetadata("rowtime", "TIMESTAMP_LTZ(3)")`.
   * @throws Diagnostic TABLE_UNKNOWN_TYPE
   */
  fromDataStream<T>(stream: DataStream<T>, schema?: Schema): Table {
    return this.#fromStream(stream as DataStream<unknown>, schema, ChangelogMode.insertOnly());
  }

  /** A stream of changes as a table: `Row`s with their kind. Default: all kinds; in upsert mode the schema needs a primary key. */
  fromChangelogStream(stream: DataStream<Row>, schema?: Schema, changelogMode: ChangelogMode = ChangelogMode.all()): Table {
    return this.#fromStream(stream as DataStream<unknown>, schema, changelogMode);
  }

  #fromStream(stream: DataStream<unknown>, schema: Schema | undefined, { mode }: ChangelogMode): Table {
    const space = spaceOfEnvironment(this);
    const { session } = space;
    const name = space.anonymousName("datastream_source");
    const declaration = schema?.declaration ?? { columns: [], watermark: null, primaryKey: null };
    const columns = declaration.columns.some(({ kind }) => kind === "physical")
      ? declaration.columns
      : [...columnsOfStream(stream).map(physicalColumn), ...declaration.columns];
    const key = declaration.primaryKey;
    if (mode === "upsert" && key === null) {
      throw new Diagnostic({
        code: "TABLE_WITHOUT_KEY",
        phase: "validate",
        message: `Table '${name}' produces a changelog stream that contains UPDATE_AFTER but no UPDATE_BEFORE. This requires defining a primary key constraint on the table.`,
        expected: 'Schema.newBuilder()….primaryKey("id").build()',
      });
    }
    const definition = { ...declaration, columns, distribution: null, partitionKeys: [], comment: null, options: new Map() };
    const path = session.catalog.qualify([name]);
    return tableIn(this, () => {
      // A reservation, so that the session asks no connector about it.
      space.streams.set(name, {});
      const made = session.define(definition, path, true);
      const table: CatalogTable = { ...made, changelogMode: mode, sinkMode: null, explainName: name };
      checkMetadata(table);
      session.catalog.set(table);
      space.streams.set(name, { node: this.#sourceOf(stream, table) });
      return lookUpTable([identifier(name)], space.context());
    });
  }

  /** The stream as rows, with the table's own watermarks if it declares some. */
  #sourceOf(stream: DataStream<unknown>, table: CatalogTable): StreamNode {
    const { builder } = spaceOfEnvironment(this);
    const { origins } = internalsOf(stream);
    const insertOnly = table.changelogMode === "insert";
    const rows = builder.add({
      // Spelt so by Flink.
      name: "DataSteamToTable",
      body: { kind: "oneInput", createOperator: () => new SourceConversionOperator(table, insertOnly) },
      inputs: [origins],
      keySelectors: [undefined],
    });
    builder.followParallelism(rows, stream.getParallelism());
    if (table.watermark === null || table.watermark.fromSource) return rows;
    const { options } = spaceOfEnvironment(this).session;
    const idleTimeoutMs = durationMs(options.get("table.exec.source.idle-timeout") ?? "0") ?? 0;
    const watermarks = watermarksOf(table, sessionEvaluation(sessionSettings(options)), { idleTimeoutMs, recordsPerWatermark: null });
    const marked = builder.add({
      name: "WatermarkAssigner",
      body: { kind: "oneInput", createOperator: () => new TimestampsAndWatermarksOperator(watermarks), watermarks },
      inputs: [[originOf(rows)]],
      keySelectors: [undefined],
    });
    builder.followParallelism(marked, stream.getParallelism());
    return marked;
  }

  /** Makes a stream known as a view of the session, or a table. */
  override createTemporaryView<T>(path: string, tableOrStream: Table | DataStream<T>, schema?: Schema): void {
    const table = tableOrStream instanceof DataStream ? this.fromDataStream(tableOrStream, schema) : tableOrStream;
    super.createTemporaryView(path, table);
  }

  /**
   * A table that only gets new rows as a stream: of `Row`s, or of objects of a class. A rowtime column becomes the records' timestamp.
   * @throws Diagnostic SQL_CHANGELOG when rows of the table change: `toChangelogStream` gives the changes
   */
  toDataStream(table: Table): SingleOutputStreamOperator<Row>;
  toDataStream<T extends object>(table: Table, targetClass: new () => T): SingleOutputStreamOperator<T>;
  toDataStream<T = unknown>(table: Table, targetType: DataType): SingleOutputStreamOperator<T>;
  toDataStream(table: Table, target?: (new () => object) | DataType): unknown {
    const { columns } = relOf(table);
    const sink = this.#anonymousSink(columns, "insert");
    let form: RowForm;
    if (target === undefined || target instanceof DataType) {
      if (target !== undefined && target.logicalType.root === "ROW") return this.#toTyped(table, target);
      form = rowFormOf(columns);
    } else form = objectFormOf(columns, target);
    return this.#toStream(table, sink, form);
  }

  /** The columns cast to those of a ROW type. */
  #toTyped(table: Table, target: DataType): SingleOutputStreamOperator<never> {
    const builder = Schema.newBuilder();
    for (const { name, type } of target.logicalType.fields!) builder.column(name, new DataType(type));
    return this.toChangelogStream(table, builder.build(), ChangelogMode.insertOnly()) as unknown as SingleOutputStreamOperator<never>;
  }

  /**
   * A table's changes as a stream of `Row`s with their kind. A schema names and casts the columns; its `columnByMetadata("rowtime", …)` becomes the
   * records' timestamp instead of a field. In upsert mode it needs a primary key.
   */
  toChangelogStream(table: Table, schema?: Schema, changelogMode: ChangelogMode = ChangelogMode.all()): SingleOutputStreamOperator<Row> {
    const mode = changelogMode.mode === "retract" ? "all" : changelogMode.mode;
    const declared = schema?.declaration.columns ?? [];
    if (!declared.some(({ kind }) => kind === "physical")) {
      const { columns } = relOf(table);
      const key = schema?.declaration.primaryKey?.columns ?? [];
      return this.#toStream(
        table,
        this.#anonymousSink(columns, mode, key),
        rowFormOf(columns),
      ) as unknown as SingleOutputStreamOperator<Row>;
    }
    const persisted = declared.flatMap((column) =>
      column.kind === "computed" || (column.kind === "metadata" && column.virtual)
        ? []
        : [{ name: column.name, type: column.type, kind: column.kind }],
    );
    const sink = this.#anonymousSink(persisted, mode, schema!.declaration.primaryKey?.columns ?? []);
    const positions = persisted.flatMap(({ kind }, i) => (kind === "physical" ? [i] : []));
    const rowtime = persisted.findIndex(({ kind }) => kind === "metadata");
    return this.#toStream(table, sink, rowFormOf(persisted, positions), rowtime) as unknown as SingleOutputStreamOperator<Row>;
  }

  #anonymousSink(columns: readonly RelColumn[], mode: "insert" | "upsert" | "all", key: readonly string[] = []): CatalogTable {
    const name = spaceOfEnvironment(this).anonymousName("datastream_sink");
    const table = resultTable(columns, name);
    const primaryKey = key.map((column) => columns.findIndex((candidate) => candidate.name === column));
    return { ...table, sinkMode: mode, primaryKey, explainName: name };
  }

  #toStream(table: Table, sink: CatalogTable, form: RowForm, rowtime?: number): SingleOutputStreamOperator<never> {
    const space = spaceOfEnvironment(this);
    return space.guarded(() => {
      const node: InsertInto = insertInto(sink.name);
      // Known for as long as the insert is bound; the session asks no connector about it.
      space.streams.set(sink.name, {});
      space.session.catalog.set(sink);
      const insert = bindInsertOf(node, space.context(), () => relOf(table));
      space.session.catalog.deleteAt(sink.path);
      const last = space.addQuery(operatorPlan(sinkRel({ ...insert, sink }), space.session.options));
      const at = rowtime ?? onlyRowtime(relOf(table).columns, sink.name);
      const converted = space.builder.add({
        name: "TableToDataSteam",
        body: { kind: "oneInput", createOperator: () => new SinkConversionOperator(form, at, sink.sinkMode === "upsert") },
        inputs: [[originOf(last)]],
        keySelectors: [undefined],
      });
      space.builder.followParallelism(converted, last.parallelism ?? space.builder.config.parallelism);
      return new SingleOutputStreamOperator<never>(space.builder, converted);
    });
  }

  /** Several inserts; `attachAsDataStream` makes them part of the streams' job. */
  override createStatementSet(): StreamStatementSet {
    return new StreamStatementSet(spaceOfEnvironment(this));
  }
}

function physicalColumn({ name, type }: RelColumn): ColumnDefinition {
  return { kind: "physical", name, type, comment: null, span: NOWHERE };
}

function originOf(node: StreamNode): StreamOrigin {
  return { node, sideOutput: undefined, partitioning: undefined };
}

/** @throws Diagnostic TABLE_METADATA */
function checkMetadata(table: CatalogTable): void {
  const wrong = table.columns.find(({ kind, metadataKey, name }) => kind === "metadata" && (metadataKey ?? name) !== "rowtime");
  if (wrong === undefined) return;
  throw new Diagnostic({
    code: "TABLE_METADATA",
    phase: "validate",
    message: `Invalid metadata key '${wrong.metadataKey ?? wrong.name}' in column '${wrong.name}'. Streams have one metadata key: rowtime.`,
    expected: 'columnByMetadata("rowtime", "TIMESTAMP_LTZ(3)")',
  });
}

/** @throws Diagnostic TABLE_SEVERAL_ROWTIMES */
function onlyRowtime(columns: readonly RelColumn[], sink: string): number {
  const rowtimes = columns.flatMap(({ type }, i) => (type.timeAttribute === "ROWTIME" ? [i] : []));
  if (rowtimes.length <= 1) return rowtimes[0] ?? -1;
  const names = rowtimes.map((at) => columns[at].name).join(", ");
  throw new Diagnostic({
    code: "TABLE_SEVERAL_ROWTIMES",
    phase: "validate",
    message: `The query contains more than one rowtime attribute column [${names}] for writing into table '${sink}'.\nPlease select the column that should be used as the event-time timestamp for the table sink by casting all other columns to regular type TIMESTAMP or TIMESTAMP_LTZ.`,
    found: names,
  });
}
