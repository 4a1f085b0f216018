/**
 * Which files of a log-structured backend the retained checkpoints need (Flink: `SharedStateRegistry`).
 *
 * An incremental checkpoint refers to files that earlier ones have uploaded. A file may go when the last retained checkpoint that refers to it goes, and not
 * before; so references are counted. Savepoints own their files and are not counted.
 */
import { invariant } from "../../base/invariant.ts";
import { LsmKeyedSnapshot } from "../../state/lsm/lsm-keyed-snapshot.ts";
import type { SortedTable } from "../../state/lsm/sorted-table.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import type { CompletedCheckpoint } from "./completed-checkpoint.ts";

const NO_TABLES: readonly SortedTable[] = [];

export class SharedStateRegistry {
  private readonly references = new Map<SortedTable, number>();
  private readonly byCheckpoint = new Map<number, readonly SortedTable[]>();
  /** Files that no retained checkpoint needed any more. */
  discardedFiles = 0;

  /** Files in the checkpoint storage. */
  get files(): number {
    return this.references.size;
  }

  /** What they take there. */
  get bytes(): number {
    let bytes = 0;
    for (const table of this.references.keys()) bytes += table.sizeBytes;
    return bytes;
  }

  /** Whether a retained checkpoint needs the file. */
  holds(table: SortedTable): boolean {
    return this.references.has(table);
  }

  /** A checkpoint is complete, or was restored, and is retained from now on. @param snapshots all that it consists of. */
  retain(checkpoint: CompletedCheckpoint, snapshots: Iterable<OperatorSnapshot> = snapshotsOf(checkpoint)): void {
    const tables = tablesOf(snapshots);
    this.release(checkpoint.id);
    this.byCheckpoint.set(checkpoint.id, tables);
    for (const table of tables) this.references.set(table, (this.references.get(table) ?? 0) + 1);
  }

  /** A checkpoint is retained no longer. Without effect when it was not. */
  release(checkpointId: number): void {
    const tables = this.byCheckpoint.get(checkpointId);
    if (tables === undefined) return;
    this.byCheckpoint.delete(checkpointId);
    for (const table of tables) {
      const references = this.references.get(table);
      invariant(references !== undefined && references > 0, "a checkpoint gave up a file that it did not hold");
      if (references > 1) {
        this.references.set(table, references - 1);
      } else {
        this.references.delete(table);
        this.discardedFiles++;
      }
    }
  }
}

function* snapshotsOf({ operators }: CompletedCheckpoint): Generator<OperatorSnapshot> {
  for (const { subtasks } of operators.values()) yield* subtasks;
}

function tablesOf(snapshots: Iterable<OperatorSnapshot>): readonly SortedTable[] {
  let tables: Set<SortedTable> | null = null;
  for (const { keyed } of snapshots) {
    if (!(keyed instanceof LsmKeyedSnapshot)) continue;
    tables ??= new Set();
    for (const table of keyed.tables()) tables.add(table);
  }
  return tables === null ? NO_TABLES : [...tables];
}
