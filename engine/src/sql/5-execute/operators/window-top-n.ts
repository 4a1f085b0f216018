/** Top-N per window: rows are collected per window and emitted, ranked, when the watermark ends it (Flink: `StreamExecWindowRank`). */
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, withKind } from "../../../types/row.ts";
import type { SortKey } from "../../2-analyze/rel.ts";
import { keyOf, type RowKey } from "../key-of.ts";
import { KeyedStore } from "../state/keyed-store.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";
import { rowOrder } from "./top-n.ts";

export interface WindowTopNOptions {
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly start: number;
  readonly end: number;
  readonly outputRank: boolean;
  readonly windowEnd: number;
}

export class WindowTopNOperator extends OneInputSqlOperator {
  private readonly options: WindowTopNOptions;
  private readonly key: RowKey;
  private readonly compare: (a: Row, b: Row) => number;
  private readonly rows: KeyedStore<Row[]>;

  constructor(session: SessionSettings, options: WindowTopNOptions) {
    super(session);
    this.options = options;
    this.key = keyOf(options.partition);
    this.compare = rowOrder(options.order);
    this.rows = this.register(new KeyedStore<Row[]>("window-rank"));
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  processRow(row: Row): void {
    const end = row[this.options.windowEnd + FIELD_OFFSET] as number;
    if (end - 1 <= this.currentWatermark) {
      this.context.counter("numLateRecordsDropped").inc();
      return;
    }
    const key = this.key(row);
    const rows = this.rows.get(end, key);
    if (rows === undefined) {
      this.rows.set(end, key, [row]);
      return;
    }
    let at = rows.length;
    while (at > 0 && this.compare(row, rows[at - 1]) < 0) at--;
    if (at >= this.options.end) return;
    rows.splice(at, 0, row);
    if (rows.length > this.options.end) rows.length = this.options.end;
  }

  protected override onWatermark(timestampMs: number): void {
    const { start, outputRank } = this.options;
    const due = [...this.rows.namespaces.keys()].filter((end) => end - 1 <= timestampMs).sort((a, b) => a - b);
    for (const end of due) {
      const keys = this.rows.namespaces.get(end)!;
      this.rows.dropNamespace(end);
      for (const rows of keys.values()) {
        for (let rank = start; rank <= rows.length; rank++) {
          const made = withKind(rows[rank - 1], INSERT);
          if (outputRank) made.push(rank);
          this.emit(made);
        }
      }
    }
  }
}
