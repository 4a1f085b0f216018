/**
 * The rows of a batch for one side of a join, folded: what comes and goes within the batch is never seen (Flink: `BufferBundle`). Rows are gathered by join key.
 */
import { invariant } from "../../../../base/invariant.ts";
import type { MapKey } from "../../../../base/canonical-key.ts";
import { rowHash } from "../../../../types/row-hash.ts";
import { isAccumulate } from "../../../../types/row-kind.ts";
import { kindOf, type Row, sameFields } from "../../../../types/row.ts";
import { JavaMapOrder } from "../../java-map-order.ts";
import type { RowKey, StateKey } from "../../key-of.ts";
import type { KeyHash } from "./bundle-operator.ts";
import { inMapOrder } from "./bundle-order.ts";

export interface JoinBundle {
  add(joinKey: MapKey, row: Row): void;
  /** Calls with the rows of each join key that are to be processed together. `replaced` = the first is taken back because the second comes in its place. */
  takeAll(use: (rows: readonly Row[], replaced: boolean) => void): void;
}

/** Java's hash codes, for the order of Flink's hash maps; null = as they came. */
export interface JoinBundleHashes {
  readonly joinKey: KeyHash;
  /** Of the rows' own key; without one of the whole row. */
  readonly row: KeyHash;
}

abstract class NestedBundle<K> implements JoinBundle {
  private readonly joinOrder: JavaMapOrder | null;
  private readonly rowOrder: JavaMapOrder | null;
  private rows = new Map<MapKey, Map<K, Row[]>>();

  constructor({ joinKey, row }: JoinBundleHashes) {
    this.joinOrder = joinKey === null ? null : new JavaMapOrder(joinKey);
    this.rowOrder = row === null ? null : new JavaMapOrder(row);
  }

  protected abstract addTo(ofJoinKey: Map<K, Row[]>, row: Row): void;

  /** What Flink copies into a second map stands in it the other way round again. */
  protected readonly joinKeyCollisions: "older first" | "younger first" = "younger first";

  /** @param rows of one key, or number. */
  protected abstract isReplacement(rows: readonly Row[]): boolean;

  add(joinKey: MapKey, row: Row): void {
    const known = this.rows.get(joinKey);
    const ofJoinKey = known ?? new Map<K, Row[]>();
    if (known === undefined) this.rows.set(joinKey, ofJoinKey);
    this.addTo(ofJoinKey, row);
    if (ofJoinKey.size === 0) this.rows.delete(joinKey);
  }

  takeAll(use: (rows: readonly Row[], replaced: boolean) => void): void {
    const { rows } = this;
    this.rows = new Map();
    for (const ofJoinKey of inMapOrder(rows, this.joinOrder, anyRow, this.joinKeyCollisions))
      for (const changes of inMapOrder(ofJoinKey, this.rowOrder, firstRow, "younger first")) use(changes, this.isReplacement(changes));
  }
}

const firstRow = (rows: readonly Row[]): Row => rows[0];

function anyRow(ofJoinKey: ReadonlyMap<unknown, readonly Row[]>): Row {
  for (const rows of ofJoinKey.values()) return rows[0];
  invariant(false, "a join key without rows in a bundle");
}

/** Of rows with a key (under their join key) at most one is taken back and one comes. */
export class KeyedJoinBundle extends NestedBundle<StateKey> {
  private readonly key: RowKey;

  constructor(key: RowKey, hashes: JoinBundleHashes) {
    super(hashes);
    this.key = key;
  }

  protected addTo(ofJoinKey: Map<StateKey, Row[]>, row: Row): void {
    const key = this.key(row);
    const rows = ofJoinKey.get(key);
    if (rows === undefined) ofJoinKey.set(key, [row]);
    else if (fold(rows, row) && rows.length === 0) ofJoinKey.delete(key);
  }

  protected isReplacement(rows: readonly Row[]): boolean {
    return rows.length === 2;
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
export class PlainJoinBundle extends NestedBundle<number> {
  protected override readonly joinKeyCollisions = "older first";

  protected addTo(ofJoinKey: Map<number, Row[]>, row: Row): void {
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

  protected isReplacement(_rows: readonly Row[]): boolean {
    return false;
  }
}
