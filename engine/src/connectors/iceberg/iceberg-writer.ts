/**
 * Writes rows into data files, and deletes into delete files, which are finished at each barrier. Iceberg: `PartitionedFanoutWriter`,
 * `BaseDeltaTaskWriter`.
 *
 * A row that replaces another (upsert) puts its key into the equality delete file, which hits rows of earlier snapshots. Rows of the same key that
 * this writer has written since the last barrier are in the same snapshot, which equality deletes do not reach; it remembers where they are
 * and deletes them by position.
 */
import { outsideOf } from "../../flow/engine-access.ts";
import type { MapKey } from "../../base/canonical-key.ts";
import type { SinkInitContext, SinkWriter, WriterInitContext } from "../../flow/sink.ts";
import { type FileSystem, fileSystemOf } from "../files/file-system.ts";
import { PARQUET_BEGINNING, parquetFooter, parquetRow } from "../files/parquet-text.ts";
import { Path } from "../files/path.ts";
import { type ContentFile, keyOf, partitionOf, type PositionDelete, type TableRow } from "./table-metadata.ts";

/** Kind of a change, as Flink's `RowKind` prints it. */
export type IcebergRowKind = "+I" | "-U" | "+U" | "-D";

/** Files that a writer has finished for a checkpoint. Iceberg: `WriteResult`. */
export interface WriteResult {
  readonly files: readonly ContentFile[];
  /** The job that wrote them. One that is started again from a savepoint has another id, and may commit what the first has committed already. */
  readonly jobId: string;
}

export interface IcebergWriterSettings<T> {
  readonly location: string;
  readonly partitionBy: readonly string[];
  readonly equalityFields: readonly string[];
  readonly upsert: boolean;
  readonly kindOf: ((row: T) => IcebergRowKind) | undefined;
  /** What is written for an element; absent = the element itself. */
  readonly rowOf?: ((element: T) => TableRow) | undefined;
}

type IcebergWriterContext = SinkInitContext & Pick<WriterInitContext, "getJobInfo">;

interface OpenFile {
  readonly content: ContentFile["content"];
  readonly path: Path;
  text: string;
  rows: number;
}

class PartitionWriter {
  data: OpenFile | null = null;
  equalityDeletes: OpenFile | null = null;
  positionDeletes: OpenFile | null = null;
  /** Where rows written since the last barrier are. */
  readonly written = new Map<MapKey, PositionDelete>();
}

export class IcebergWriter<T> implements SinkWriter<T, WriteResult> {
  readonly #settings: IcebergWriterSettings<T>;
  readonly #files: FileSystem;
  readonly #fileNamePrefix: string;
  readonly #partitions = new Map<string, PartitionWriter>();
  readonly #jobId: string;
  #fileCount = 0;

  constructor(settings: IcebergWriterSettings<T>, context: IcebergWriterContext) {
    this.#jobId = context.getJobInfo().getJobId();
    this.#settings = settings;
    this.#files = fileSystemOf(outsideOf(context), new Path(settings.location), (durationMs) => context.block?.(durationMs));
    const { subtaskIndex, attemptNumber } = context;
    this.#fileNamePrefix = `${String(subtaskIndex).padStart(5, "0")}-${attemptNumber}-${this.#files.newUuid()}`;
  }

  write(value: T): void {
    const { kindOf, upsert, rowOf } = this.#settings;
    const row = rowOf === undefined ? (value as TableRow) : rowOf(value);
    switch (kindOf?.(value) ?? "+I") {
      case "+I":
      case "+U":
        if (upsert) this.#delete(row);
        this.#insert(row);
        break;
      case "-U":
        // The row that follows deletes it by its key.
        if (!upsert) this.#delete(row);
        break;
      case "-D":
        this.#delete(row);
        break;
    }
  }

  flush(): void {}

  prepareCommit(): readonly WriteResult[] {
    const files: ContentFile[] = [];
    for (const [partition, { data, equalityDeletes, positionDeletes }] of this.#partitions) {
      for (const file of [data, equalityDeletes, positionDeletes]) if (file !== null) files.push(this.#finish(file, partition));
    }
    this.#partitions.clear();
    return files.length === 0 ? [] : [{ files, jobId: this.#jobId }];
  }

  /** Files that were not finished do not exist for anybody. */
  close(): void {}

  #insert(row: TableRow): void {
    const partition = this.#partitionWriter(row);
    const data = partition.data ?? this.#open("data", row);
    partition.data = data;
    if (this.#settings.equalityFields.length > 0) {
      const key = keyOf(row, this.#settings.equalityFields);
      const before = partition.written.get(key);
      if (before !== undefined) this.#deletePosition(partition, row, before);
      partition.written.set(key, { path: String(data.path), position: data.rows });
    }
    append(data, row);
  }

  #delete(row: TableRow): void {
    const { equalityFields } = this.#settings;
    const partition = this.#partitionWriter(row);
    const key = keyOf(row, equalityFields);
    const before = partition.written.get(key);
    if (before !== undefined) {
      partition.written.delete(key);
      this.#deletePosition(partition, row, before);
      return;
    }
    partition.equalityDeletes ??= this.#open("equality-deletes", row);
    append(partition.equalityDeletes, Object.fromEntries(equalityFields.map((field) => [field, row[field] ?? null])));
  }

  #deletePosition(partition: PartitionWriter, row: TableRow, where: PositionDelete): void {
    partition.positionDeletes ??= this.#open("position-deletes", row);
    append(partition.positionDeletes, where);
  }

  #partitionWriter(row: TableRow): PartitionWriter {
    const partition = partitionOf(row, this.#settings.partitionBy);
    let writer = this.#partitions.get(partition);
    if (writer === undefined) {
      writer = new PartitionWriter();
      this.#partitions.set(partition, writer);
    }
    return writer;
  }

  #open(content: ContentFile["content"], row: TableRow): OpenFile {
    const partition = partitionOf(row, this.#settings.partitionBy);
    const number = String(++this.#fileCount).padStart(5, "0");
    const name = `${this.#fileNamePrefix}-${number}${content === "data" ? "" : "-deletes"}.parquet`;
    const path = new Path(this.#settings.location, `data/${partition === "" ? "" : `${partition}/`}${name}`);
    return { content, path, text: PARQUET_BEGINNING, rows: 0 };
  }

  #finish({ content, path, text, rows }: OpenFile, partition: string): ContentFile {
    const whole = text + parquetFooter(rows);
    this.#files.write(path, whole);
    const { equalityFields } = this.#settings;
    return {
      content,
      path: String(path),
      partition,
      recordCount: rows,
      fileSizeInBytes: whole.length,
      equalityFields: content === "equality-deletes" ? equalityFields : [],
    };
  }
}

function append(file: OpenFile, row: object): void {
  file.text += parquetRow(row);
  file.rows++;
}
