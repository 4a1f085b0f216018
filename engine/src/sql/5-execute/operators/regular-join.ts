/**
 * Joins of two changelogs without a bound in time (Flink: `StreamingJoinOperator`, `StreamingSemiAntiJoinOperator`). Both sides are
 * kept (join-records.ts); where it matters a row knows how many partners it has, so that NULL-padded rows can be taken back when the first one comes and
 * given again when the last one goes.
 */
import { DELETE, INSERT, isAccumulate, type RowKind } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import type { RelJoinType } from "../../2-analyze/rel.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { nulls, type PairMaker, pairMaker, type RowMaker, rowMaker } from "../codegen/row-makers.ts";
import { JavaMapOrder } from "../java-map-order.ts";
import { keyOf } from "../key-of.ts";
import { type JoinRecords, RecordsByHash, RecordsByKey, RecordsByText, SoleRecord } from "./join-records.ts";
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

/** One input. */
export interface JoinSideOptions {
  /** How its rows are told apart: by these fields, none = there is one per join key, null = by all fields. */
  readonly unique: readonly number[] | null;
  /** How long a row is kept after it was last written; 0 = for ever. */
  readonly ttlMs: number;
  /** Java's hash code of a row, where the order between rows shows; null = any order will do. */
  readonly hash: ((row: Row) => number) | null;
}

export interface RegularJoinOptions extends JoinOptions {
  readonly left: JoinSideOptions;
  readonly right: JoinSideOptions;
}

/** The fields of one input that must equal those of the other. A class, since the closures of two inputs would be calls that nothing inlines. */
export class JoinKey {
  private readonly positions: readonly number[];

  constructor(fields: readonly number[]) {
    this.positions = fields.map((field) => field + FIELD_OFFSET);
  }

  /** NULL in a key equals nothing. */
  hasNull(row: Row): boolean {
    const { positions } = this;
    for (let i = 0; i < positions.length; i++) if (row[positions[i]] === null) return true;
    return false;
  }
}

/** One input and its rows. */
interface Side {
  readonly isLeft: boolean;
  readonly records: JoinRecords;
  /** The same where a join key has one row at most, else null. */
  readonly sole: SoleRecord | null;
  /** Its rows are shown without partners, too. */
  readonly outer: boolean;
  readonly key: JoinKey;
  readonly order: JavaMapOrder | null;
}

/** Two sides, and how a row of one finds those of the other. */
abstract class KeepingJoinOperator extends TwoInputSqlOperator {
  protected readonly options: RegularJoinOptions;
  protected left!: Side;
  protected right!: Side;
  /** What `find` has found: the first so many. One array for all time, so that finding allocates nothing. */
  protected readonly partners: Row[] = [];
  private readonly pair: PairMaker;
  private matches: ((row: Row) => boolean) | null = null;

  constructor(session: SessionSettings, options: RegularJoinOptions) {
    super(session);
    this.options = options;
    this.pair = pairMaker(options.leftWidth, options.rightWidth);
  }

  override open(): void {
    const { type, left, leftKeys, leftWidth, right, rightKeys, rightWidth, condition } = this.options;
    const leftOuter = type === "left" || type === "full";
    const rightOuter = type === "right" || type === "full";
    const leftCounts = leftOuter || type === "semi" || type === "anti";
    const leftRecords = this.recordsOf("left-records", left, leftWidth, leftCounts);
    const rightRecords = this.recordsOf("right-records", right, rightWidth, rightOuter);
    this.left = {
      isLeft: true,
      records: leftRecords,
      sole: leftRecords instanceof SoleRecord ? leftRecords : null,
      outer: leftOuter,
      key: new JoinKey(leftKeys),
      order: left.hash === null ? null : new JavaMapOrder(left.hash),
    };
    this.right = {
      isLeft: false,
      records: rightRecords,
      sole: rightRecords instanceof SoleRecord ? rightRecords : null,
      outer: rightOuter,
      key: new JoinKey(rightKeys),
      order: right.hash === null ? null : new JavaMapOrder(right.hash),
    };
    if (condition !== null) this.matches = compilePredicate(condition, this.evalContext);
  }

  private recordsOf(name: string, { unique, ttlMs }: JoinSideOptions, width: number, partners: boolean): JoinRecords {
    const writesBack = this.writesBack || ttlMs > 0;
    if (unique === null) {
      return ttlMs > 0
        ? new RecordsByText(width, partners, writesBack, this.mapState(name, ttlMs))
        : new RecordsByHash(width, partners, writesBack, this.mapState(name));
    }
    return unique.length === 0
      ? new SoleRecord(width, partners, writesBack, this.valueState<Row>(name, ttlMs))
      : new RecordsByKey(width, partners, writesBack, this.mapState(name, ttlMs), keyOf(unique));
  }

  protected pairOf({ isLeft }: Side, row: Row, other: Row, kind: RowKind): Row {
    return isLeft ? this.pair(row, other, kind) : this.pair(other, row, kind);
  }

  /** Looks for the partners of a row of `own` among the rows of `other`; returns how many there are. */
  protected find(row: Row, own: Side, other: Side): number {
    if (own.key.hasNull(row)) return 0;
    const { partners, matches } = this;
    const found = other.records.load(partners);
    if (other.order !== null) other.order.sort(partners, found);
    if (matches === null) return found;
    let matching = 0;
    for (let i = 0; i < found; i++) {
      const partner = partners[i];
      if (matches(this.pairOf(own, row, partner, INSERT))) partners[matching++] = partner;
    }
    return matching;
  }

  /** As `find`, where there is one at most. */
  protected findSole(row: Row, own: Side, other: SoleRecord): Row | null {
    if (own.key.hasNull(row)) return null;
    const partner = other.row();
    if (partner === null || this.matches === null || this.matches(this.pairOf(own, row, partner, INSERT))) return partner;
    return null;
  }

  /** How many rows the partners found are, with equal ones. */
  protected countRows({ records }: Side, found: number): number {
    let rows = 0;
    for (let i = 0; i < found; i++) rows += records.countOf(this.partners[i]);
    return rows;
  }
}

/** Inner and outer joins. */
export class RegularJoinOperator extends KeepingJoinOperator {
  private readonly inner: boolean;
  private readonly leftPadding: Row;
  private readonly rightPadding: Row;

  constructor(session: SessionSettings, options: RegularJoinOptions) {
    super(session, options);
    this.inner = options.type === "inner";
    this.leftPadding = nulls(options.leftWidth);
    this.rightPadding = nulls(options.rightWidth);
  }

  processLeft(row: Row): void {
    this.process(row, this.left, this.right);
  }

  processRight(row: Row): void {
    this.process(row, this.right, this.left);
  }

  /** @param replaced the row is taken back because another comes in its place, or comes in the place of one: what a partner loses and gets again is not told. */
  protected process(row: Row, own: Side, other: Side, replaced = false): void {
    if (this.inner && other.sole !== null) {
      this.joinWithSole(row, own, other.sole, replaced);
      return;
    }
    const found = this.find(row, own, other);
    if (isAccumulate(kindOf(row))) this.add(row, own, other, found, replaced);
    else this.retract(row, own, other, found, replaced);
  }

  /** What `add` and `retract` come to where each row has one partner at most, and nobody asks for rows without: joins of aggregates. */
  private joinWithSole(row: Row, own: Side, other: SoleRecord, replaced: boolean): void {
    const partner = this.findSole(row, own, other);
    const kind = kindOf(row);
    if (isAccumulate(kind)) own.records.add(row, 0);
    else if (!replaced) own.records.retract(row);
    if (partner !== null) this.emit(this.pairOf(own, row, partner, kind));
  }

  private add(row: Row, own: Side, other: Side, found: number, replaced: boolean): void {
    own.records.add(row, own.outer ? this.countRows(other, found) : 0);
    if (found === 0) {
      if (own.outer) this.emitPadded(row, own, INSERT, 1);
      return;
    }
    const kind = own.outer || other.outer ? INSERT : kindOf(row);
    for (let i = 0; i < found; i++) {
      const partner = this.partners[i];
      if (other.outer) this.gainPartner(partner, other, replaced);
      this.emitPairs(row, own, partner, other, kind);
    }
  }

  private retract(row: Row, own: Side, other: Side, found: number, replaced: boolean): void {
    if (!replaced) own.records.retract(row);
    if (found === 0) {
      if (own.outer) this.emitPadded(row, own, DELETE, 1);
      return;
    }
    const kind = own.outer ? DELETE : kindOf(row);
    for (let i = 0; i < found; i++) {
      const partner = this.partners[i];
      this.emitPairs(row, own, partner, other, kind);
      if (other.outer) this.losePartner(partner, other, replaced);
    }
  }

  /** A row that had no partner is no longer shown without. */
  private gainPartner(partner: Row, side: Side, replaced: boolean): void {
    const { records } = side;
    const before = records.partnersOf(partner);
    if (before === 0 && !replaced) this.emitPadded(partner, side, DELETE, records.countOf(partner));
    records.setPartners(partner, before + 1);
  }

  private losePartner(partner: Row, side: Side, replaced: boolean): void {
    const { records } = side;
    const left = records.partnersOf(partner) - 1;
    records.setPartners(partner, left);
    if (left === 0 && !replaced) this.emitPadded(partner, side, INSERT, records.countOf(partner));
  }

  private emitPadded(row: Row, side: Side, kind: RowKind, times: number): void {
    for (let i = 0; i < times; i++) this.emit(this.pairOf(side, row, side.isLeft ? this.rightPadding : this.leftPadding, kind));
  }

  private emitPairs(row: Row, own: Side, partner: Row, other: Side, kind: RowKind): void {
    for (let times = other.records.countOf(partner); times > 0; times--) this.emit(this.pairOf(own, row, partner, kind));
  }
}

/** Rows of the left side that have a partner, or that have none. */
export class SemiAntiJoinOperator extends KeepingJoinOperator {
  private readonly anti: boolean;
  private readonly leftRow: RowMaker;

  constructor(session: SessionSettings, options: RegularJoinOptions) {
    super(session, options);
    this.anti = options.type === "anti";
    this.leftRow = rowMaker(options.leftWidth);
  }

  processLeft(row: Row): void {
    const { left, right } = this;
    const found = this.find(row, left, right);
    if (isAccumulate(kindOf(row))) left.records.add(row, this.countRows(right, found));
    else left.records.retract(row);
    if (found > 0 !== this.anti) this.emit(row);
  }

  processRight(row: Row): void {
    const { left, right } = this;
    const found = this.find(row, right, left);
    const kind = kindOf(row);
    if (isAccumulate(kind)) {
      right.records.add(row, 0);
      this.change(found, 1, this.anti ? DELETE : kind);
    } else {
      right.records.retract(row);
      this.change(found, -1, this.anti ? INSERT : kind);
    }
  }

  /** The partners of a row of the right side have one more or one less: those that had none, or have none now, come or go. */
  private change(found: number, by: 1 | -1, kind: RowKind): void {
    const { records } = this.left;
    for (let i = 0; i < found; i++) {
      const partner = this.partners[i];
      const before = records.partnersOf(partner);
      records.setPartners(partner, before + by);
      if (before + Math.min(by, 0) !== 0) continue;
      for (let times = records.countOf(partner); times > 0; times--) this.emit(this.leftRow(partner, kind));
    }
  }
}
