/**
 * `IcebergSink`: writes a stream into a table of an Iceberg catalog, exactly once.
 * (Iceberg: https://iceberg.apache.org/docs/latest/flink-writes/)
 *
 *   rows ─▶ (by key) ─▶ Writer × n ─▶ all to one ─▶ Committer ─▶ one snapshot per checkpoint
 */
import { accessOf, outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Committer, CommitterInitContext, Sink, SinkWriter, WriterInitContext } from "../../flow/sink.ts";
import { type CommittableMessage, CommittableWithLineage } from "../../operators/sink/committable-message.ts";
import { type IcebergCommittable, IcebergCommitter } from "./iceberg-committer.ts";
import { type IcebergRowKind, IcebergWriter, type IcebergWriterSettings, type WriteResult } from "./iceberg-writer.ts";
import type { TableLoader } from "./table-loader.ts";
import type { TableRow } from "./table-metadata.ts";

/** A stream that can be given to a sink, as far as the builder needs it. */
interface SinkableStream<T, R> {
  sinkTo(sink: Sink<T>): R;
}

/** What the sink does to streams when its operators are made. */
interface TopologyStream {
  global(): TopologyStream;
  map(mapper: (message: CommittableMessage) => CommittableMessage): TopologyStream;
  keyBy(key: (element: unknown) => string): TopologyStream;
}

interface IcebergSinkSettings<T> extends Pick<IcebergWriterSettings<T>, "equalityFields" | "upsert" | "kindOf" | "rowOf"> {
  readonly loader: TableLoader;
}

/**
 * Writes rows, plain objects, into a table of an Iceberg catalog. Files are finished at each barrier; when the checkpoint is complete one
 * committer adds them all as one snapshot. Without checkpointing nothing is committed before the input ends. Make one with `IcebergSink.forRow`.
 * (Flink: docs/connectors/table/overview; Iceberg: docs/latest/flink-writes)
 */
export class IcebergSink<T> implements Sink<T, IcebergCommittable> {
  /** Equal keys are written by one writer; present only when the sink has equality fields. */
  readonly addPreWriteTopology?: (input: TopologyStream) => TopologyStream;
  readonly #settings: IcebergSinkSettings<T>;

  /** @internal Use `IcebergSink.forRow()`. */
  constructor(settings: IcebergSinkSettings<T>) {
    this.#settings = settings;
    const { equalityFields, rowOf = (element: T) => element as TableRow } = settings;
    if (equalityFields.length > 0) {
      const keyOf = (row: TableRow): string => JSON.stringify(equalityFields.map((field) => row[field] ?? null));
      this.addPreWriteTopology = (input) => input.keyBy((element) => keyOf(rowOf(element as T)));
    }
  }

  /** Starts building: the rows of this stream go into a table. */
  static forRow<T extends object, R>(input: SinkableStream<T, R>): IcebergSinkBuilder<T, R> {
    return new IcebergSinkBuilder<T, R>(input);
  }

  createWriter(context: WriterInitContext): SinkWriter<T, IcebergCommittable> {
    const { location, partitionBy } = this.#settings.loader.load(outsideOf(context)).table;
    this.#requirePartitionFields(partitionBy);
    return new IcebergWriter<T>({ ...this.#settings, location, partitionBy }, context) as unknown as SinkWriter<T, IcebergCommittable>;
  }

  /** An equality delete hits rows of its own partition only. */
  #requirePartitionFields(partitionBy: readonly string[]): void {
    const { equalityFields } = this.#settings;
    const missing = partitionBy.find((field) => !equalityFields.includes(field));
    if (missing === undefined || equalityFields.length === 0) return;
    throw new Diagnostic({
      code: "ICEBERG_PARTITION_NOT_IN_EQUALITY_FIELDS",
      phase: "runtime",
      message: `In UPSERT mode, partition field '${missing}' should be included in equality fields: '${equalityFields.join(", ")}'`,
      found: equalityFields.join(", "),
      expected: [...equalityFields, missing].join(", "),
    });
  }

  /** Called while the graph is made: everything goes to one committer, with the checkpoint that it belongs to. */
  addPreCommitTopology(writeResults: TopologyStream): TopologyStream {
    return writeResults.global().map((message) => {
      if (!(message instanceof CommittableWithLineage)) return message;
      const { files, jobId } = message.getCommittable() as WriteResult;
      const checkpointId = message.getCheckpointIdOrEOI();
      return message.map((): IcebergCommittable => ({ files, jobId, checkpointId }));
    });
  }

  createCommitter(context: CommitterInitContext): Committer<IcebergCommittable> {
    const { loader } = this.#settings;
    const { catalog } = loader.load(outsideOf(context));
    return new IcebergCommitter(catalog, loader.tableName, accessOf(context).operatorId ?? "", (durationMs) => context.block?.(durationMs));
  }
}

/** Builds an `IcebergSink` and gives it the stream. (Flink: docs/connectors/table/overview; Iceberg: docs/latest/flink-writes) */
export class IcebergSinkBuilder<T extends object, R> {
  readonly #input: SinkableStream<T, R>;
  #loader: TableLoader | undefined;
  #equalityFields: readonly string[] = [];
  #upserts = false;
  #kindOf: ((row: T) => IcebergRowKind) | undefined;

  /** @internal Use `IcebergSink.forRow()`. */
  constructor(input: SinkableStream<T, R>) {
    this.#input = input;
  }

  /** The table. Needed. */
  tableLoader(loader: TableLoader): this {
    this.#loader = loader;
    return this;
  }

  /** The fields that make a row the same row. Rows are then spread over the writers by them. */
  equalityFieldColumns(columns: readonly (keyof T & string)[]): this {
    this.#equalityFields = columns;
    return this;
  }

  /** True: each row replaces the one with the same equality fields. Needs them, and the table's partition fields among them. Default false. */
  upsert(enabled: boolean): this {
    this.#upserts = enabled;
    return this;
  }

  /** What a row does: "+I" and "+U" write it, "-D" and "-U" delete it. Default "+I". Not in Iceberg, where rows carry their `RowKind`. */
  rowKind(kindOf: (row: T) => IcebergRowKind): this {
    this.#kindOf = kindOf;
    return this;
  }

  /** Adds the sink to the job. @throws Diagnostic ICEBERG_SINK_WITHOUT_TABLE, ICEBERG_SINK_WITHOUT_EQUALITY_FIELDS */
  append(): R {
    const loader = this.#loader;
    const equalityFields = this.#equalityFields;
    const upsert = this.#upserts;
    const kindOf = this.#kindOf;
    if (loader === undefined) {
      throw new Diagnostic({
        code: "ICEBERG_SINK_WITHOUT_TABLE",
        phase: "graph",
        message: "Table loader shouldn't be null",
        expected: 'tableLoader(TableLoader.fromCatalog("lake", "db.orders"))',
      });
    }
    if ((upsert || kindOf !== undefined) && equalityFields.length === 0) {
      throw new Diagnostic({
        code: "ICEBERG_SINK_WITHOUT_EQUALITY_FIELDS",
        phase: "graph",
        message: "Equality field columns shouldn't be empty when configuring to use UPSERT data stream.",
        expected: 'equalityFieldColumns(["id"])',
      });
    }
    return this.#input.sinkTo(new IcebergSink<T>({ loader, equalityFields, upsert, kindOf }) as unknown as Sink<T>);
  }
}
