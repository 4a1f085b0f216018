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

/** The rows of a snapshot. @param read rows of a file. */
export function rowsOf(snapshot: Snapshot, read: (path: string) => readonly unknown[]): TableRow[] {
  const equality: { readonly entry: ManifestEntry; readonly keys: ReadonlySet<MapKey> }[] = [];
  const positions = new Map<string, Set<number>>();
  for (const entry of snapshot.files) {
    if (entry.content === "equality-deletes") {
      equality.push({ entry, keys: new Set((read(entry.path) as TableRow[]).map((row) => keyOf(row, entry.equalityFields))) });
    } else if (entry.content === "position-deletes") {
      for (const { path, position } of read(entry.path) as PositionDelete[]) {
        const deleted = positions.get(path) ?? new Set<number>();
        positions.set(path, deleted.add(position));
      }
    }
  }
  return snapshot.files
    .filter(({ content }) => content === "data")
    .flatMap((data) => {
      const deleted = positions.get(data.path);
      const later = equality.filter(({ entry }) => entry.sequenceNumber > data.sequenceNumber && entry.partition === data.partition);
      return (read(data.path) as TableRow[]).filter(
        (row, position) => deleted?.has(position) !== true && !later.some(({ entry, keys }) => keys.has(keyOf(row, entry.equalityFields))),
      );
    });
}

/** The key of a row for comparing. */
export function keyOf(row: TableRow, fields: readonly string[]): MapKey {
  return canonicalKey(fields.map((field) => row[field] ?? null));
}

/** "country=de/day=1"; "" when the table is not partitioned. */
export function partitionOf(row: TableRow, fields: readonly string[]): string {
  return fields.map((field) => `${field}=${String(row[field] ?? null)}`).join("/");
}
