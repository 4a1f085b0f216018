/** Join within equal windows: both sides are collected per window and key, and joined when the watermark ends the window. */
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { compilePredicate } from "../compile-expression.ts";
import { keyOf, type RowKey } from "../key-of.ts";
import { KeyedStore } from "../state/keyed-store.ts";
import { hasNullKey, type JoinOptions, joined, nulls } from "./regular-join.ts";
import { type SessionSettings, TwoInputSqlOperator } from "./sql-operator.ts";

export interface WindowJoinOptions extends JoinOptions {
  /** Fields of window_end. */
  readonly leftEnd: number;
  readonly rightEnd: number;
}

export class WindowJoinOperator extends TwoInputSqlOperator {
  private readonly options: WindowJoinOptions;
  private readonly keys: readonly [RowKey, RowKey];
  private readonly nullKey: (row: Row) => boolean;
  private readonly sides: readonly [KeyedStore<Row[]>, KeyedStore<Row[]>];
  private matches: ((row: Row) => boolean) | null = null;

  constructor(session: SessionSettings, options: WindowJoinOptions) {
    super(session);
    this.options = options;
    this.keys = [keyOf(options.leftKeys), keyOf(options.rightKeys)];
    this.nullKey = hasNullKey(options.leftKeys);
    this.sides = [this.register(new KeyedStore<Row[]>("left-records")), this.register(new KeyedStore<Row[]>("right-records"))];
  }

  override open(): void {
    if (this.options.condition !== null) this.matches = compilePredicate(this.options.condition, this.evalContext);
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  processLeft(row: Row): void {
    this.collect(row, 0, row[this.options.leftEnd + FIELD_OFFSET] as number);
  }

  processRight(row: Row): void {
    this.collect(row, 1, row[this.options.rightEnd + FIELD_OFFSET] as number);
  }

  private collect(row: Row, side: 0 | 1, end: number): void {
    if (end - 1 <= this.currentWatermark) {
      this.context.counter("numLateRecordsDropped").inc();
      return;
    }
    const key = this.keys[side](row);
    const rows = this.sides[side].get(end, key);
    if (rows === undefined) this.sides[side].set(end, key, [row]);
    else rows.push(row);
  }

  protected override onWatermark(timestampMs: number): void {
    const ends = new Set([...this.sides[0].namespaces.keys(), ...this.sides[1].namespaces.keys()]);
    for (const end of [...ends].filter((candidate) => candidate - 1 <= timestampMs).sort((a, b) => a - b)) {
      const left = this.sides[0].namespaces.get(end) ?? new Map<never, Row[]>();
      const right = this.sides[1].namespaces.get(end) ?? new Map<never, Row[]>();
      for (const key of new Set([...left.keys(), ...right.keys()]))
        this.joinWindow(left.get(key as never) ?? [], right.get(key as never) ?? []);
      for (const side of this.sides) side.dropNamespace(end);
    }
  }

  private joinWindow(left: readonly Row[], right: readonly Row[]): void {
    const { type, leftWidth, rightWidth } = this.options;
    const matchedRight = new Set<Row>();
    for (const a of left) {
      let matched = false;
      for (const b of right) {
        if (this.nullKey(a)) break;
        const pair = joined(a, b, INSERT);
        if (this.matches !== null && !this.matches(pair)) continue;
        matched = true;
        matchedRight.add(b);
        if (type === "semi" || type === "anti") break;
        this.emit(pair);
      }
      if (type === "semi" ? matched : type === "anti" ? !matched : false) this.emit(a);
      if (!matched && (type === "left" || type === "full")) this.emit(joined(a, nulls(rightWidth), INSERT));
    }
    if (type !== "right" && type !== "full") return;
    for (const b of right) if (!matchedRight.has(b)) this.emit(joined(nulls(leftWidth), b, INSERT));
  }
}
