/**
 * What the kinds of Top-N share (Flink: `AbstractTopNFunction`): the rows of a partition in their order, which of them are shown, and how changes are told.
 *
 * With the rank in the output, or with an offset, each rank is a row of the result: when a row comes in between, those behind it move, each an update of a rank.
 * Otherwise the result is a set: a row comes in, and another may go.
 *
 * Which kind it is depends on the input: inserts (append-only-top-n.ts; the first alone: fast-top-one.ts), updates that only move up (updatable-top-n.ts),
 * any changes (retractable-top-n.ts). Only the last must keep rows that are not shown.
 */
import type { ValueState } from "../../../../state/state.ts";
import { DELETE, INSERT, type RowKind, UPDATE_AFTER, UPDATE_BEFORE } from "../../../../types/row-kind.ts";
import { type LogicalType, typeName } from "../../../../types/logical-type.ts";
import { FIELD_OFFSET, type Row } from "../../../../types/row.ts";
import type { SortKey } from "../../../2-analyze/rel.ts";
import { SqlRuntimeError } from "../../../functions/sql-runtime-error.ts";
import { type RowMaker, rowMaker } from "../../codegen/row-makers.ts";
import { type RowOrder, rowOrder } from "../row-order.ts";
import { OneInputSqlOperator, type SessionSettings } from "../sql-operator.ts";

export interface TopNOptions {
  readonly order: readonly SortKey[];
  /** First and last rank shown, 1-based; `end` may be a field of the row: that of a partition's first row counts. */
  readonly start: number;
  readonly end: number | { readonly field: number; readonly type: LogicalType };
  readonly outputRank: boolean;
  /** Updates come with what they replace. */
  readonly updateBefore: boolean;
  /** Columns of the input. */
  readonly width: number;
}

/** Types of a column that may be the last rank. */
const RANK_ENDS: ReadonlySet<string> = new Set(["BIGINT", "INT", "SMALLINT"]);

function notARankEnd(type: LogicalType): SqlRuntimeError {
  return new SqlRuntimeError(
    "SQL_RANK_END",
    `variable rank index column must be long type, while input type is ${typeName(type)}; logical types that fit are BIGINT, INT and SMALLINT`,
  );
}

export abstract class TopNOperator extends OneInputSqlOperator {
  protected readonly compare: RowOrder;
  /** Each rank is a row of the result. */
  protected readonly showsRanks: boolean;
  private readonly start: number;
  private readonly end: TopNOptions["end"];
  protected readonly outputsRank: boolean;
  private readonly updateBefore: boolean;
  private readonly make: RowMaker;
  private variableEnd!: ValueState<number>;

  constructor(session: SessionSettings, { order, start, end, outputRank, updateBefore, width }: TopNOptions) {
    super(session);
    this.compare = rowOrder(order);
    this.start = start;
    this.end = end;
    this.outputsRank = outputRank;
    this.updateBefore = updateBefore;
    this.showsRanks = outputRank || start > 1;
    this.make = rowMaker(width, outputRank ? 1 : 0);
  }

  override open(): void {
    const { stateTtlMs } = this.session;
    if (typeof this.end === "number") return;
    if (!RANK_ENDS.has(this.end.type.root)) throw notARankEnd(this.end.type);
    this.variableEnd = this.valueState<number>("rank-end", stateTtlMs);
  }

  /** The last rank that is shown in the row's partition. */
  protected lastRank(row: Row): number {
    const { end } = this;
    if (typeof end === "number") return end;
    const known = this.variableEnd.value();
    if (known !== null) return known;
    const last = Number(row[end.field + FIELD_OFFSET] ?? 0);
    this.variableEnd.update(last);
    return last;
  }

  protected emitUpdate(before: Row, after: Row, rank: number): void {
    if (this.updateBefore) this.tell(before, rank, UPDATE_BEFORE);
    this.tell(after, rank, UPDATE_AFTER);
  }

  protected emitInsert(row: Row, rank: number): void {
    this.tell(row, rank, INSERT);
  }

  protected emitDelete(row: Row, rank: number): void {
    this.tell(row, rank, DELETE);
  }

  protected isShown(rank: number): boolean {
    return rank >= this.start;
  }

  protected tell(row: Row, rank: number, kind: RowKind): void {
    if (this.isShown(rank)) this.emit(this.outputsRank ? this.make(row, kind, rank) : this.make(row, kind));
  }
}

/** Keeps what is shown and nothing else. */
export abstract class BoundedTopNOperator extends TopNOperator {
  /** In order; null = none. */
  protected rows!: ValueState<Row[]>;

  protected abstract readonly stateName: string;

  override open(): void {
    super.open();
    this.rows = this.valueState<Row[]>(this.stateName, this.session.stateTtlMs);
  }

  /** A new row at its place, which is among the first. */
  protected insert(rows: Row[], row: Row, at: number, last: number): void {
    rows.splice(at, 0, row);
    const pushedOut = rows.length > last ? rows.pop() : undefined;
    this.rows.update(rows);
    if (this.showsRanks) {
      this.emitMovedDown(rows, at + 1, pushedOut);
    } else {
      if (pushedOut !== undefined) this.emitDelete(pushedOut, last);
      this.emitInsert(row, at + 1);
    }
  }

  /**
   * A row has come in at a rank: what stood there and behind has moved down by one.
   *
   * @param rows as they are now, up to the last rank that is shown.
   * @param gone what has left the last of these ranks; undefined = nothing, there is one rank more.
   */
  private emitMovedDown(rows: readonly Row[], fromRank: number, gone: Row | undefined): void {
    for (let rank = fromRank; rank < rows.length; rank++) this.emitUpdate(rows[rank], rows[rank - 1], rank);
    const last = rows.length;
    if (gone === undefined) this.emitInsert(rows[last - 1], last);
    else this.emitUpdate(gone, rows[last - 1], last);
  }
}
