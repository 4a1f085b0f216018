import type { SortedTable } from "./sorted-table.ts";

/**
 * Which tables are stored already: those of the last completed checkpoint (Flink: `RocksIncrementalSnapshotStrategy`). A checkpoint that was given up or
 * is still under way counts for nothing, so its tables are uploaded again.
 */
export class UploadedTables {
  private readonly byCheckpoint = new Map<number, ReadonlySet<SortedTable>>();
  private lastCompletedId = -1;

  /** Bytes of the tables that have to be uploaded for a checkpoint. */
  register(checkpointId: number, tables: ReadonlySet<SortedTable>): number {
    const stored = this.byCheckpoint.get(this.lastCompletedId);
    this.byCheckpoint.set(checkpointId, tables);
    let bytes = 0;
    for (const table of tables) if (stored === undefined || !stored.has(table)) bytes += table.sizeBytes;
    return bytes;
  }

  /** The backend begins with the tables of a completed checkpoint. */
  restored(checkpointId: number, tables: ReadonlySet<SortedTable>): void {
    this.byCheckpoint.set(checkpointId, tables);
    this.lastCompletedId = checkpointId;
  }

  completed(checkpointId: number): void {
    if (checkpointId <= this.lastCompletedId || !this.byCheckpoint.has(checkpointId)) return;
    this.lastCompletedId = checkpointId;
    for (const id of [...this.byCheckpoint.keys()]) if (id < checkpointId) this.byCheckpoint.delete(id);
  }

  aborted(checkpointId: number): void {
    if (checkpointId !== this.lastCompletedId) this.byCheckpoint.delete(checkpointId);
  }
}
