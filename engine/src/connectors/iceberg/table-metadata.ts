/**
 * What an Iceberg table is: a list of snapshots, each of which names the files that are the table. Nothing is ever changed in place.
 *
 * Rows are in *data files*. An *equality delete file* holds keys: it deletes the rows of those keys in data files of **older** snapshots (lower sequence
 * number) of its partition. A *position delete file* names rows by file and position, also of its own snapshot. That is how a table is updated by a
 * stream: the new row into a data file, its key into an equality delete file, without looking at what is there.
 */
import { canonicalKey, type MapKey } from "../../base/canonical-key.ts";

export type TableRow = Readonly<Record<string, unknown>>;

/** A file that a writer has finished. It is part of the table once a snapshot names it. */
export interface ContentFile {
  readonly content: "data" | "equality-deletes" | "position-deletes";
  readonly path: string;
  readonly partition: string;
  readonly recordCount: number;
  readonly fileSizeInBytes: number;
  /** Of an equality delete file: what its keys are made of. */
  readonly equalityFields: readonly string[];
}

/** A file of a snapshot. */
export interface ManifestEntry extends ContentFile {
  readonly sequenceNumber: number;
}

export interface Snapshot {
  readonly snapshotId: number;
  readonly parentId: number | null;
  readonly sequenceNumber: number;
  readonly timestampMs: number;
  /** `append` adds data files; `overwrite` also deletes rows. */
  readonly operation: "append" | "overwrite";
  readonly summary: Readonly<Record<string, string>>;
  /** All files of the table in this snapshot. */
  readonly files: readonly ManifestEntry[];
}

export interface TableMetadata {
  readonly name: string;
  readonly location: string;
  /** Fields by whose values rows are partitioned; empty = unpartitioned. */
  readonly partitionBy: readonly string[];
  /** Raised by one with each commit. */
  readonly version: number;
  /** Oldest first; the last is the current one. */
  readonly snapshots: readonly Snapshot[];
}

/** One row of a position delete file. */
export interface PositionDelete {
  readonly path: string;
  readonly position: number;
}

/** A data file, and the delete files that may hit its rows. Iceberg: `FileScanTask`. */
export interface ScanTask {
  readonly data: ManifestEntry;
  readonly deletes: readonly ManifestEntry[];
}

/** What has to be read for the rows of a snapshot, one task per data file. */
export function scanTasksOf({ files }: Snapshot): ScanTask[] {
  const deletes = files.filter(({ content }) => content !== "data");
  return files
    .filter(({ content }) => content === "data")
    .map((data) => ({ data, deletes: deletes.filter((entry) => mayHit(entry, data)) }));
}

/** Equality deletes hit older data of their partition; position deletes name their files themselves. */
function mayHit(entry: ManifestEntry, data: ManifestEntry): boolean {
  return entry.content === "position-deletes"
    ? entry.sequenceNumber >= data.sequenceNumber
    : entry.sequenceNumber > data.sequenceNumber && entry.partition === data.partition;
}

/** The rows of a data file that no delete hits. @param read rows of a file. */
export function rowsOfTask({ data, deletes }: ScanTask, read: (path: string) => readonly unknown[]): TableRow[] {
  const positions = new Set<number>();
  const equality: { readonly fields: readonly string[]; readonly keys: ReadonlySet<MapKey> }[] = [];
  for (const { content, path, equalityFields: fields } of deletes) {
    const entries = read(path);
    if (content === "equality-deletes") equality.push({ fields, keys: new Set((entries as TableRow[]).map((row) => keyOf(row, fields))) });
    else for (const entry of entries as PositionDelete[]) if (entry.path === data.path) positions.add(entry.position);
  }
  const rows = read(data.path) as TableRow[];
  return rows.filter((row, position) => !positions.has(position) && !equality.some(({ fields, keys }) => keys.has(keyOf(row, fields))));
}

/** The rows of a snapshot. @param read rows of a file. */
export function rowsOf(snapshot: Snapshot, read: (path: string) => readonly unknown[]): TableRow[] {
  const contents = new Map<string, readonly unknown[]>();
  const readOnce = (path: string): readonly unknown[] => {
    const content = contents.get(path) ?? read(path);
    contents.set(path, content);
    return content;
  };
  return scanTasksOf(snapshot).flatMap((task) => rowsOfTask(task, readOnce));
}

/** The key of a row for comparing. */
export function keyOf(row: TableRow, fields: readonly string[]): MapKey {
  return canonicalKey(fields.map((field) => row[field] ?? null));
}

/** "country=de/day=1"; "" when the table is not partitioned. */
export function partitionOf(row: TableRow, fields: readonly string[]): string {
  return fields.map((field) => `${field}=${String(row[field] ?? null)}`).join("/");
}
