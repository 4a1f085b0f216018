/**
 * Joins of two changelogs without a bound in time (Flink: `StreamingJoinOperator`, `StreamingSemiAntiJoinOperator`). Both sides are
 * kept; a row knows how many partners it has, so that NULL-padded rows can be taken back when the first one comes and given again
 * when the last one goes.
 */
import type { MapState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, type RowKind } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row, rowDigest, withKind } from "../../../types/row.ts";
import type { RelJoinType } from "../../2-analyze/rel.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { keyOf, type RowKey, type StateKey } from "../key-of.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { type SessionSettings, TwoInputSqlOperator } from "./sql-operator.ts";

export interface JoinOptions {
  readonly type: RelJoinType;
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  /** What equality does not say, over the joined row; null = nothing. */
  readonly condition: Rex | null;
  readonly leftWidth: number;
  readonly rightWidth: number;
}

/** How a side tells its rows apart (Flink: the views of `JoinRecordStateViews`): a key of the rows, none = the join key says all, null = by all fields. */
export interface RegularJoinOptions extends JoinOptions {
  readonly leftUnique: readonly number[] | null;
  readonly rightUnique: readonly number[] | null;
}

interface JoinRow {
  readonly row: Row;
  count: number;
  /** How many rows of the other side match. */
  partners: number;
}

/** By what tells the rows apart. */
type JoinSide = MapState<StateKey, JoinRow>;

/** Left fields, then right ones. */
export function joined(left: Row, right: Row, kind: RowKind): Row {
  const made = left.slice();
  made[0] = kind;
  for (let i = FIELD_OFFSET; i < right.length; i++) made.push(right[i]);
  return made;
}

export function nulls(width: number): Row {
  return [INSERT, ...new Array<null>(width).fill(null)];
}

/** NULL in a key equals nothing. */
export function hasNullKey(fields: readonly number[]): (row: Row) => boolean {
  return (row) => fields.some((field) => row[field + FIELD_OFFSET] === null);
}

export class RegularJoinOperator extends TwoInputSqlOperator {
  private readonly options: RegularJoinOptions;
  private readonly identities: readonly [RowKey, RowKey];
  private readonly unique: readonly [boolean, boolean];
  private readonly nullKeys: readonly [(row: Row) => boolean, (row: Row) => boolean];
  private sides!: readonly [JoinSide, JoinSide];
  private matches: ((row: Row) => boolean) | null = null;
  private readonly padding: readonly [Row, Row];

  constructor(session: SessionSettings, options: RegularJoinOptions) {
    super(session);
    this.options = options;
    const { leftUnique, rightUnique } = options;
    this.unique = [leftUnique !== null, rightUnique !== null];
    this.identities = [leftUnique === null ? rowDigest : keyOf(leftUnique), rightUnique === null ? rowDigest : keyOf(rightUnique)];
    this.nullKeys = [hasNullKey(options.leftKeys), hasNullKey(options.rightKeys)];
    this.padding = [nulls(options.leftWidth), nulls(options.rightWidth)];
  }

  override open(): void {
    const { stateTtlMs } = this.session;
    this.sides = [this.mapState("left-records", stateTtlMs), this.mapState("right-records", stateTtlMs)];
    if (this.options.condition !== null) this.matches = compilePredicate(this.options.condition, this.evalContext);
  }

  processLeft(row: Row): void {
    if (this.options.type === "semi" || this.options.type === "anti") this.processSemiLeft(row);
    else this.process(row, 0);
  }

  processRight(row: Row): void {
    if (this.options.type === "semi" || this.options.type === "anti") this.processSemiRight(row);
    else this.process(row, 1);
  }

  private partnersOf(row: Row, side: 0 | 1): JoinRow[] {
    if (this.nullKeys[side](row)) return [];
    const found: JoinRow[] = [];
    for (const other of this.sides[1 - side].values()) {
      if (this.matches === null || this.matches(side === 0 ? joined(row, other.row, INSERT) : joined(other.row, row, INSERT)))
        found.push(other);
    }
    return found;
  }

  private store(row: Row, side: 0 | 1, partners: number): void {
    const digest = this.identities[side](row);
    if (this.unique[side]) {
      this.sides[side].put(digest, { row: withKind(row, INSERT), count: 1, partners });
      return;
    }
    const known = this.sides[side].get(digest);
    const count = known === null ? 1 : known.count + 1;
    this.sides[side].put(digest, { row: known?.row ?? withKind(row, INSERT), count, partners });
  }

  private remove(row: Row, side: 0 | 1): void {
    const digest = this.identities[side](row);
    if (this.unique[side]) {
      this.sides[side].remove(digest);
      return;
    }
    const known = this.sides[side].get(digest);
    if (known === null) return;
    known.count--;
    if (known.count === 0) this.sides[side].remove(digest);
    else this.sides[side].put(digest, known);
  }

  /** The other side's row has one partner more or less. */
  private changePartners(other: JoinRow, side: 0 | 1, by: 1 | -1): void {
    other.partners += by;
    if (this.writesBack || this.session.stateTtlMs > 0) this.sides[1 - side].put(this.identities[1 - side](other.row), other);
  }

  private process(row: Row, side: 0 | 1): void {
    const { type } = this.options;
    const leftOuter = type === "left" || type === "full";
    const rightOuter = type === "right" || type === "full";
    const outer = side === 0 ? leftOuter : rightOuter;
    const otherOuter = side === 0 ? rightOuter : leftOuter;
    const others = this.partnersOf(row, side);
    const kind = kindOf(row);
    if (isAccumulate(kind)) {
      this.store(
        row,
        side,
        others.reduce((sum, other) => sum + other.count, 0),
      );
      if (others.length === 0) {
        if (outer) this.emitPadded(row, side, INSERT);
        return;
      }
      for (const other of others) {
        if (otherOuter && other.partners === 0)
          for (let i = 0; i < other.count; i++) this.emitPadded(other.row, side === 0 ? 1 : 0, DELETE);
        this.changePartners(other, side, 1);
      }
      for (const other of others) this.emitPairs(row, other, side, outer || otherOuter ? INSERT : kind);
      return;
    }
    this.remove(row, side);
    if (others.length === 0) {
      if (outer) this.emitPadded(row, side, DELETE);
      return;
    }
    for (const other of others) this.emitPairs(row, other, side, outer ? DELETE : kind);
    for (const other of others) {
      this.changePartners(other, side, -1);
      if (otherOuter && other.partners === 0) for (let i = 0; i < other.count; i++) this.emitPadded(other.row, side === 0 ? 1 : 0, INSERT);
    }
  }

  private emitPadded(row: Row, side: 0 | 1, kind: RowKind): void {
    this.emit(side === 0 ? joined(row, this.padding[1], kind) : joined(this.padding[0], row, kind));
  }

  private emitPairs(row: Row, other: JoinRow, side: 0 | 1, kind: RowKind): void {
    for (let i = 0; i < other.count; i++) this.emit(side === 0 ? joined(row, other.row, kind) : joined(other.row, row, kind));
  }

  private processSemiLeft(row: Row): void {
    const others = this.partnersOf(row, 0);
    const wanted = this.options.type === "semi" ? others.length > 0 : others.length === 0;
    if (isAccumulate(kindOf(row)))
      this.store(
        row,
        0,
        others.reduce((sum, other) => sum + other.count, 0),
      );
    else this.remove(row, 0);
    if (wanted) this.emit(row);
  }

  private processSemiRight(row: Row): void {
    const anti = this.options.type === "anti";
    const kind = kindOf(row);
    const lefts = this.partnersOf(row, 1);
    const add = isAccumulate(kind);
    if (add) this.store(row, 1, 0);
    else this.remove(row, 1);
    for (const left of lefts) {
      const before = left.partners;
      this.changePartners(left, 1, add ? 1 : -1);
      const changed = add ? before === 0 : left.partners === 0;
      if (!changed) continue;
      const emitted = anti ? (add ? DELETE : INSERT) : kind;
      for (let i = 0; i < left.count; i++) this.emit(withKind(left.row, emitted));
    }
  }
}
