/**
 * Top-N of rows that may be taken back (Flink: `RetractableTopNFunction`). All are kept: whoever goes lets another in.
 *
 * State is what Flink has: how many rows there are of each sort key, in order, and the rows of each sort key in the order in which they came. So a change reads the rows of its own
 * key and of those that move, not the whole partition.
 *
 * With an offset and without the rank in the output Flink's objects on the heap take on the kind with which they were shown last, and a row that was shown as part of an update
 * is not found again when it is taken back: nothing is told, and it stays. Recorded (own-sql-topn-901-10), and so it is here; the log-structured backend, as RocksDB,
 * remembers the kind with which a row was written.
 */
import type { MapState, ValueState } from "../../../../state/state.ts";
import { INSERT, isAccumulate, type RowKind } from "../../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row, sameFields, withKind } from "../../../../types/row.ts";
import { keyOf, type RowKey, type StateKey } from "../../key-of.ts";
import { placeBeforeEquals, type RowOrder, rowOrder } from "../row-order.ts";
import type { SessionSettings } from "../sql-operator.ts";
import { type TopNOptions, TopNOperator } from "./top-n-operator.ts";

/** Rows of one sort key: the key's fields, then how many there are. */
type Group = Row;

const NO_ROWS: readonly Row[] = [];

export class RetractableTopNOperator extends TopNOperator {
  private readonly sortFields: readonly number[];
  private readonly compareGroups: RowOrder;
  private readonly groupKey: RowKey;
  private readonly countAt: number;
  private groups!: ValueState<Group[]>;
  private members!: MapState<StateKey, Row[]>;

  constructor(session: SessionSettings, options: TopNOptions) {
    super(session, options);
    const { order } = options;
    this.sortFields = order.map(({ field }) => field);
    this.compareGroups = rowOrder(order.map((key, field) => ({ ...key, field })));
    this.groupKey = keyOf(order.map((_, field) => field));
    this.countAt = order.length + FIELD_OFFSET;
  }

  override open(): void {
    super.open();
    const { stateTtlMs } = this.session;
    this.groups = this.valueState<Group[]>("sorted-map", stateTtlMs);
    this.members = this.mapState<StateKey, Row[]>("data-state", stateTtlMs);
  }

  processRow(row: Row): void {
    const last = this.lastRank(row);
    const groups = this.groups.value() ?? [];
    const group = this.groupOf(row);
    const at = placeBeforeEquals(groups, group, this.compareGroups);
    const known = at < groups.length && this.compareGroups(groups[at], group) === 0;
    if (isAccumulate(kindOf(row))) this.add(withKind(row, INSERT), groups, at, known ? null : group, last);
    else this.retract(row, groups, at, known, last);
    if (groups.length === 0) this.groups.clear();
    else this.groups.update(groups);
  }

  private groupOf(row: Row): Group {
    const group: Group = [INSERT];
    for (const field of this.sortFields) group.push(row[field + FIELD_OFFSET]);
    group.push(0);
    return group;
  }

  private rowsOf(group: Group): readonly Row[] {
    return this.members.get(this.groupKey(group)) ?? NO_ROWS;
  }

  /** What a group comes to have is written; without rows it is forgotten. */
  private write(group: Group, rows: Row[]): void {
    if (rows.length === 0) this.members.remove(this.groupKey(group));
    else this.members.put(this.groupKey(group), rows);
  }

  private count(group: Group): number {
    return group[this.countAt] as number;
  }

  /** Rows before a group. */
  private rowsBefore(groups: readonly Group[], at: number): number {
    let rows = 0;
    for (let i = 0; i < at; i++) rows += this.count(groups[i]);
    return rows;
  }

  private add(row: Row, groups: Group[], at: number, opened: Group | null, last: number): void {
    if (opened !== null) groups.splice(at, 0, opened);
    const group = groups[at];
    group[this.countAt] = this.count(group) + 1;
    const rank = this.rowsBefore(groups, at) + this.count(group);
    if (rank <= last) {
      if (this.showsRanks) this.moveDown(row, groups, at + 1, rank, last);
      else this.replaceLast(row, groups, at + 1, rank, last);
    }
    this.write(group, [...this.rowsOf(group), row]);
  }

  /** The row takes its rank, who had it the next one, and so on. */
  private moveDown(row: Row, groups: readonly Group[], from: number, fromRank: number, last: number): void {
    let rank = fromRank;
    let current = row;
    for (let at = from; at < groups.length && rank <= last; at++) {
      const rows = this.rowsOf(groups[at]);
      for (let i = 0; i < rows.length && rank <= last; i++, rank++) {
        this.emitUpdate(rows[i], current, rank);
        current = rows[i];
      }
    }
    if (rank <= last) this.emitInsert(current, rank);
  }

  /** The row comes in; who is behind the last rank now goes. */
  private replaceLast(row: Row, groups: readonly Group[], from: number, fromRank: number, last: number): void {
    let rank = fromRank;
    for (let at = from; at < groups.length; at++) {
      const lastOfGroup = rank + this.count(groups[at]);
      if (lastOfGroup > last) {
        const pushedOut = this.rowsOf(groups[at])[last - rank];
        if (pushedOut !== undefined) this.emitDelete(withKind(pushedOut, INSERT), last);
        break;
      }
      rank = lastOfGroup;
    }
    this.emitInsert(row, fromRank);
  }

  private retract(row: Row, groups: Group[], at: number, known: boolean, last: number): void {
    const group = known ? groups[at] : this.groupOf(row);
    const rows = [...this.rowsOf(group)];
    const place = rows.findIndex((each) => kindOf(each) === INSERT && sameFields(row, each));
    const rank = this.rowsBefore(groups, at) + place + 1;
    const gone = place < 0 ? undefined : rows.splice(place, 1)[0];
    if (known && gone !== undefined && rank <= last) {
      if (this.showsRanks) this.moveUp(gone, rows.slice(place), groups, at + 1, rank, last);
      else this.bringIn(gone, rows, groups, at, rank, last);
    }
    if (gone !== undefined) this.write(group, rows);
    // What is not there has expired.
    if (!known) return;
    const count = this.count(group) - 1;
    if (count === 0) groups.splice(at, 1);
    else group[this.countAt] = count;
  }

  /** Who stood behind the row takes its rank, and so on; the last rank is empty then, or somebody from behind has it. */
  private moveUp(gone: Row, rest: readonly Row[], groups: readonly Group[], from: number, fromRank: number, last: number): void {
    let rank = fromRank;
    let before = gone;
    let rows = rest;
    for (let at = from; ; at++) {
      for (let i = 0; i < rows.length && rank <= last; i++, rank++) {
        this.emitUpdate(before, rows[i], rank);
        before = rows[i];
      }
      if (at >= groups.length || rank > last) break;
      rows = this.rowsOf(groups[at]);
    }
    if (rank <= last) this.emitDelete(before, rank);
  }

  /** The row goes; who was the first behind the last rank comes in. */
  private bringIn(gone: Row, rest: readonly Row[], groups: readonly Group[], at: number, rank: number, last: number): void {
    this.emitDelete(gone, rank);
    let missing = last - this.rowsBefore(groups, at);
    let rows = rest;
    let next = at;
    while (missing > rows.length) {
      missing -= rows.length;
      if (++next >= groups.length) return;
      rows = this.rowsOf(groups[next]);
    }
    this.emitInsert(rows[missing - 1], last);
  }

  protected override tell(row: Row, rank: number, kind: RowKind): void {
    super.tell(row, rank, kind);
    if (!this.outputsRank && this.isShown(rank)) row[0] = kind;
  }
}
