/**
 * The rows of a batch for one side of a join, folded: what comes and goes within the batch is never seen (Flink: `BufferBundle`). Rows are gathered by join key.
 */
import type { MapKey } from "../../../../base/canonical-key.ts";
import { rowHash } from "../../../../types/row-hash.ts";
import { isAccumulate } from "../../../../types/row-kind.ts";
import { kindOf, type Row, sameFields } from "../../../../types/row.ts";
import type { RowKey, StateKey } from "../../key-of.ts";

export interface JoinBundle {
  add(joinKey: MapKey, row: Row): void;
  /** Calls with the rows of each join key that are to be processed together. `replaced` = the first is taken back because the second comes in its place. */
  takeAll(use: (rows: readonly Row[], replaced: boolean) => void): void;
}

/** Of rows with a key (under their join key) at most one is taken back and one comes. */
export class KeyedJoinBundle implements JoinBundle {
  private readonly key: RowKey;
  private rows = new Map<MapKey, Map<StateKey, Row[]>>();

  constructor(key: RowKey) {
    this.key = key;
  }

  add(joinKey: MapKey, row: Row): void {
    const ofJoinKey = this.rows.get(joinKey) ?? new Map<StateKey, Row[]>();
    if (ofJoinKey.size === 0) this.rows.set(joinKey, ofJoinKey);
    const key = this.key(row);
    const rows = ofJoinKey.get(key);
    if (rows === undefined) ofJoinKey.set(key, [row]);
    else if (fold(rows, row) && rows.length === 0) ofJoinKey.delete(key);
  }

  takeAll(use: (rows: readonly Row[], replaced: boolean) => void): void {
    const { rows } = this;
    this.rows = new Map();
    for (const ofJoinKey of rows.values()) for (const changes of ofJoinKey.values()) use(changes, changes.length === 2);
  }
}

/** Adds a row to those of its key. True when they have become fewer. */
function fold(rows: Row[], row: Row): boolean {
  const before = isAccumulate(kindOf(rows[rows.length - 1]));
  const now = isAccumulate(kindOf(row));
  if (before || !now) rows.pop();
  if (!before || now) rows.push(row);
  return before && !now;
}

/** Rows that nothing tells apart but their fields: one that comes and an equal one that goes leave nothing. */
export class PlainJoinBundle implements JoinBundle {
  private rows = new Map<MapKey, Map<number, Row[]>>();

  add(joinKey: MapKey, row: Row): void {
    const ofJoinKey = this.rows.get(joinKey) ?? new Map<number, Row[]>();
    if (ofJoinKey.size === 0) this.rows.set(joinKey, ofJoinKey);
    const hash = rowHash(row);
    const rows = ofJoinKey.get(hash);
    if (rows === undefined) {
      ofJoinKey.set(hash, [row]);
      return;
    }
    const now = isAccumulate(kindOf(row));
    const at = rows.findLastIndex((each) => isAccumulate(kindOf(each)) !== now && sameFields(row, each));
    if (at < 0) rows.push(row);
    else if (rows.length === 1) ofJoinKey.delete(hash);
    else rows.splice(at, 1);
  }

  takeAll(use: (rows: readonly Row[], replaced: boolean) => void): void {
    const { rows } = this;
    this.rows = new Map();
    for (const ofJoinKey of rows.values()) for (const changes of ofJoinKey.values()) use(changes, false);
  }
}
