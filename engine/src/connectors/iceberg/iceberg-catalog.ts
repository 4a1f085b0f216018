/**
 * An Iceberg catalog with its tables: `kind: "iceberg"`. Files lie in an object store or file system of the world; the catalog knows only which metadata is
 * each table's current one, and replaces it on one condition: that it is still the one the writer began with (optimistic concurrency). Of two
 * writers one has to begin again with the other's result.
 */
import { ChangeFeed } from "../systems/change-feed.ts";
import { CallConditions, numberOf, SystemClient, textOf, unknownFault } from "../systems/call-conditions.ts";
import type { OutsideSystem, SystemAction, SystemDescription, SystemFactory, SystemHost } from "../systems/outside-system.ts";
import { type FileSystem, fileSystemOf } from "../files/file-system.ts";
import { Path } from "../files/path.ts";
import { SYSTEMS } from "../systems/outside-system.ts";
import { parquetRows, parquetText } from "../files/parquet-text.ts";
import { CatalogUnavailable, CommitStateUnknownException } from "./iceberg-failures.ts";
import { type ContentFile, partitionOf, rowsOf, type Snapshot, type TableMetadata, type TableRow } from "./table-metadata.ts";

/** A catalog of a world. */
export interface IcebergDescription extends SystemDescription {
  readonly kind: "iceberg";
  /** Where tables keep their files, e.g. "s3://lake/warehouse"; on an object store or file system of the world. */
  readonly warehouse: string;
  readonly tables: readonly IcebergTableDescription[];
  /** What each call to the catalog takes; default 0. */
  readonly latencyMs?: number;
}

export interface IcebergTableDescription {
  /** "db.orders" */
  readonly name: string;
  /** Fields by whose values rows are partitioned. Default: none. */
  readonly partitionBy?: readonly string[];
  /** Rows that are there from the start, as one snapshot. */
  readonly rows?: readonly TableRow[];
  /** Snapshots that others append later; `atMs` is epoch ms. */
  readonly appends?: readonly { readonly atMs: number; readonly rows: readonly TableRow[] }[];
}

export interface IcebergSnapshotOutcome {
  readonly snapshotId: number;
  readonly sequenceNumber: number;
  /** When it was committed, epoch ms. */
  readonly timestampMs: number;
  readonly operation: "append" | "overwrite";
  /** As in Iceberg: `added-data-files`, `total-records`, `flink.max-committed-checkpoint-id` … */
  readonly summary: Readonly<Record<string, string>>;
}

export interface IcebergTableOutcome {
  readonly name: string;
  /** The rows of the current snapshot. */
  readonly rows: readonly TableRow[];
  readonly snapshots: readonly IcebergSnapshotOutcome[];
  /** Files below the table's location that no snapshot names: written for checkpoints that never completed. */
  readonly orphanFiles: readonly string[];
}

const RETRY_FOR_MS = 30_000;

export interface SnapshotChange {
  readonly files: readonly ContentFile[];
  readonly summary: Readonly<Record<string, string>>;
}

export class IcebergCatalog implements OutsideSystem {
  readonly kind = "iceberg";
  readonly name: string;
  /** Names of tables that have got a snapshot. */
  readonly changes = new ChangeFeed();
  private readonly host: SystemHost;
  private readonly conditions: CallConditions;
  private readonly warehouse: string;
  private readonly tables = new Map<string, TableMetadata>();
  /** Tables whose given rows have no files yet: these lie in another system, which may be made after this one. */
  private unwritten: readonly IcebergTableDescription[] = [];
  /** Appends of the world that are still to come. */
  private scripted = 0;
  private nextSnapshotId = 1;
  /** So many commits from now on meet another writer's. */
  private conflictsLeft = 0;
  /** So many commits from now on take effect without an answer. */
  private unansweredLeft = 0;
  private outsideFiles = 0;

  constructor({ name, warehouse, tables, latencyMs }: IcebergDescription, host: SystemHost) {
    this.name = name;
    this.host = host;
    this.conditions = new CallConditions(host.clock, latencyMs ?? 0);
    this.warehouse = warehouse.replace(/\/$/, "");
    for (const { name: table, partitionBy } of tables) this.createTable(table, partitionBy ?? []);
    this.unwritten = tables.filter(({ rows = [] }) => rows.length > 0);
    host.clock.schedule(host.clock.currentMs(), () => this.writeGivenRows());
    for (const { name: table, appends = [] } of tables) {
      for (const { atMs, rows } of appends) {
        this.scripted++;
        host.clock.schedule(atMs, () => {
          this.scripted--;
          this.appendFromOutside(table, rows);
        });
      }
    }
  }

  strike(action: SystemAction): void {
    if (this.conditions.strike(action)) return;
    switch (action.what) {
      case "conflicts":
        this.conflictsLeft = numberOf(action, "count");
        break;
      case "commitStateUnknown":
        this.unansweredLeft = typeof action.count === "number" ? action.count : 1;
        break;
      case "append":
        this.appendFromOutside(textOf(action, "table"), action.rows as readonly TableRow[]);
        break;
      case "expireSnapshots":
        this.expireSnapshots(textOf(action, "table"), numberOf(action, "olderThanMs"));
        break;
      default:
        throw unknownFault(this.name, action);
    }
  }

  outcome(): { readonly tables: readonly IcebergTableOutcome[] } {
    const tables = [...this.tables.values()].map(({ name, location, snapshots }): IcebergTableOutcome => {
      const named = new Set(snapshots.flatMap(({ files }) => files.map(({ path }) => path)));
      const directory = new Path(location, "data");
      const files = this.files(directory).listFiles(directory);
      return {
        name,
        rows: this.rows(name),
        snapshots: snapshots.map(({ snapshotId, sequenceNumber, timestampMs, operation, summary }) => ({
          snapshotId,
          sequenceNumber,
          timestampMs,
          operation,
          summary,
        })),
        orphanFiles: files.map(({ path }) => path).filter((path) => !named.has(path)),
      };
    });
    return { tables };
  }

  get atRest(): boolean {
    return this.scripted === 0 && this.changes.allSeen;
  }

  // ---- For its clients ----

  /** Makes an empty table, unless there is one of that name. */
  createTable(name: string, partitionBy: readonly string[]): void {
    if (this.tables.has(name)) return;
    const location = `${this.warehouse}/${name.replaceAll(".", "/")}`;
    this.tables.set(name, { name, location, partitionBy, version: 0, snapshots: [] });
  }

  client(block?: (durationMs: number) => void): SystemClient {
    return new SystemClient(this.conditions, { block, retryForMs: RETRY_FOR_MS, failure: () => new CatalogUnavailable(this.name) });
  }

  get tableNames(): readonly string[] {
    return [...this.tables.keys()];
  }

  /** The current metadata, undefined when there is no such table. */
  table(name: string): TableMetadata | undefined {
    this.writeGivenRows();
    return this.tables.get(name);
  }

  /** Rows of the table now, in a snapshot, or at a time (epoch ms). */
  rows(name: string, asOf: { readonly snapshotId?: number; readonly timestampMs?: number } = {}): readonly TableRow[] {
    const snapshot = this.snapshotAsOf(name, asOf);
    if (snapshot === undefined) return [];
    return rowsOf(snapshot, (path) =>
      parquetRows(this.files(new Path(path)).read(new Path(path))).map((row) => JSON.parse(row) as TableRow),
    );
  }

  /**
   * Adds a snapshot on top of the version that the writer has seen. False = another writer was faster: nothing has changed.
   *
   * @throws CommitStateUnknownException when it took effect but the answer was lost.
   */
  commit(base: TableMetadata, change: SnapshotChange): boolean {
    if (this.conflictsLeft > 0) {
      this.conflictsLeft--;
      this.addSnapshot(this.known(base.name), { files: [], summary: {} });
    }
    const current = this.known(base.name);
    if (current.version !== base.version) {
      this.happened("commitConflict", { table: base.name, base: base.version, current: current.version });
      return false;
    }
    this.addSnapshot(current, change);
    if (this.unansweredLeft === 0) return true;
    this.unansweredLeft--;
    throw new CommitStateUnknownException(base.name);
  }

  private writeGivenRows(): void {
    const tables = this.unwritten;
    this.unwritten = [];
    for (const { name, rows = [] } of tables) this.appendFromOutside(name, rows);
  }

  private snapshotAsOf(
    name: string,
    { snapshotId, timestampMs }: { readonly snapshotId?: number; readonly timestampMs?: number },
  ): Snapshot | undefined {
    const { snapshots } = this.known(name);
    if (snapshotId !== undefined) return snapshots.find((snapshot) => snapshot.snapshotId === snapshotId);
    return snapshots.findLast((snapshot) => timestampMs === undefined || snapshot.timestampMs <= timestampMs);
  }

  private addSnapshot(table: TableMetadata, { files, summary }: SnapshotChange): void {
    const parent = table.snapshots.at(-1);
    const sequenceNumber = (parent?.sequenceNumber ?? 0) + 1;
    const added = files.map((file) => ({ ...file, sequenceNumber }));
    const all = [...(parent?.files ?? []), ...added];
    const deletes = added.filter(({ content }) => content !== "data");
    const records = (entries: readonly ContentFile[]) => String(entries.reduce((sum, { recordCount }) => sum + recordCount, 0));
    const snapshot: Snapshot = {
      snapshotId: this.nextSnapshotId++,
      parentId: parent?.snapshotId ?? null,
      sequenceNumber,
      timestampMs: this.host.clock.currentMs(),
      operation: deletes.length === 0 ? "append" : "overwrite",
      summary: {
        ...summary,
        "added-data-files": String(added.length - deletes.length),
        "added-records": records(added.filter(({ content }) => content === "data")),
        ...(deletes.length === 0 ? {} : { "added-delete-files": String(deletes.length) }),
        "total-data-files": String(all.filter(({ content }) => content === "data").length),
        "total-delete-files": String(all.filter(({ content }) => content !== "data").length),
      },
      files: all,
    };
    const version = table.version + 1;
    const next: TableMetadata = { ...table, version, snapshots: [...table.snapshots, snapshot] };
    this.tables.set(table.name, next);
    this.writeMetadata(next, snapshot);
    this.happened("committed", { table: table.name, snapshotId: snapshot.snapshotId, ...snapshot.summary });
    this.changes.publish(table.name);
  }

  /** What other engines would read; the catalog itself does not need it. */
  private writeMetadata({ location, version, snapshots }: TableMetadata, snapshot: Snapshot): void {
    const manifest = new Path(location, `metadata/snap-${snapshot.snapshotId}.json`);
    const metadata = new Path(location, `metadata/v${version}.metadata.json`);
    const files = this.files(manifest);
    files.write(manifest, JSON.stringify(snapshot.files));
    const history = snapshots.map(({ files: _files, ...rest }) => rest);
    files.write(
      metadata,
      JSON.stringify({ "format-version": 2, location, "current-snapshot-id": snapshot.snapshotId, snapshots: history }),
    );
  }

  private appendFromOutside(name: string, rows: readonly TableRow[]): void {
    const table = this.known(name);
    const byPartition = new Map<string, TableRow[]>();
    for (const row of rows) {
      const partition = partitionOf(row, table.partitionBy);
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), row]);
    }
    const files = [...byPartition].map(([partition, partitionRows]): ContentFile => {
      const path = new Path(table.location, `data/${partition === "" ? "" : `${partition}/`}outside-${++this.outsideFiles}.parquet`);
      const text = parquetText(partitionRows);
      this.files(path).write(path, text);
      return {
        content: "data",
        path: String(path),
        partition,
        recordCount: partitionRows.length,
        fileSizeInBytes: text.length,
        equalityFields: [],
      };
    });
    this.addSnapshot(this.known(name), { files, summary: {} });
  }

  private expireSnapshots(name: string, ageMs: number): void {
    const table = this.known(name);
    const latestMs = this.host.clock.currentMs() - ageMs;
    const kept = table.snapshots.filter((snapshot, index) => snapshot.timestampMs > latestMs || index === table.snapshots.length - 1);
    this.tables.set(name, { ...table, version: table.version + 1, snapshots: kept });
    this.happened("snapshotsExpired", { table: name, kept: kept.length });
  }

  private known(name: string): TableMetadata {
    const table = this.tables.get(name);
    if (table === undefined) throw new Error(`The catalog "${this.name}" has no table "${name}".`);
    return table;
  }

  private files(path: Path): FileSystem {
    return fileSystemOf((system) => (system === SYSTEMS ? this.host.systems : undefined), path);
  }

  private happened(what: string, detail: Readonly<Record<string, unknown>>): void {
    this.host.observer.systemEvent(this, what, detail);
  }
}

export const ICEBERG_FACTORY: SystemFactory<IcebergDescription> = {
  kind: "iceberg",
  create: (description, host) => new IcebergCatalog(description, host),
};
