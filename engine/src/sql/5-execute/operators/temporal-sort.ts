/** ORDER BY a time attribute: rows wait for the watermark and leave in order; late ones are dropped (Flink: `RowTimeSortOperator`). */
import { MIN_TIMESTAMP } from "../../../base/long.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { SortKey } from "../../2-analyze/rel.ts";
import { GLOBAL_KEY } from "../key-of.ts";
import { KeyedStore } from "../state/keyed-store.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";
import { rowOrder } from "./top-n.ts";

export class TemporalSortOperator extends OneInputSqlOperator {
  private readonly timeAt: number;
  private readonly eventTime: boolean;
  private readonly compare: (a: Row, b: Row) => number;
  private readonly waiting: KeyedStore<Row[]>;
  /** Time of the last rows that left: what is no newer comes too late. */
  private readonly fired: KeyedStore<number>;

  constructor(session: SessionSettings, keys: readonly SortKey[], eventTime: boolean) {
    super(session);
    this.timeAt = keys[0].field + FIELD_OFFSET;
    this.eventTime = eventTime;
    this.compare = rowOrder(keys);
    this.waiting = this.register(new KeyedStore<Row[]>("sort-buffer"));
    this.fired = this.register(new KeyedStore<number>("last-fired"));
  }

  processRow(row: Row): void {
    if (!this.eventTime) {
      this.emit(row);
      return;
    }
    const time = row[this.timeAt] as number;
    if (time <= (this.fired.get(0, GLOBAL_KEY) ?? MIN_TIMESTAMP)) {
      this.context.counter("numLateRecordsDropped").inc();
      return;
    }
    const rows = this.waiting.get(time, GLOBAL_KEY);
    if (rows === undefined) this.waiting.set(time, GLOBAL_KEY, [row]);
    else rows.push(row);
  }

  protected override onWatermark(timestampMs: number): void {
    const due = [...this.waiting.namespaces.keys()].filter((time) => time <= timestampMs).sort((a, b) => a - b);
    for (const time of due) {
      const rows = this.waiting.get(time, GLOBAL_KEY)!;
      this.waiting.dropNamespace(time);
      this.fired.set(0, GLOBAL_KEY, time);
      for (const row of rows.sort(this.compare)) this.emit(row);
    }
  }
}
