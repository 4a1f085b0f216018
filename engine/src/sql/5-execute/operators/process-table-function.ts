/**
 * Hosts a process table function: gives it rows, state and timers of the current partition, and puts around what it collects the columns that are passed
 * through and the time. (Flink: `ProcessSetTableOperator`, `ProcessRowTableOperator`)
 *
 * Several tables come in as one stream: `TagRowsOperator` puts the table's number and the key in front, so that one exchange brings a partition's rows of
 * all tables together. Unnamed timers of a watermark fire before named ones, as Flink's two timer services do. Rows of a table with ORDER BY wait for the
 * watermark; while they leave, the watermark is still the one before.
 */
import { MIN_TIMESTAMP } from "../../../base/long.ts";
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { MapState } from "../../../state/state.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { RowKind } from "../../../types/row-kind.ts";
import type { ProcessTableFunction } from "../../3-plan/physical.ts";
import { tablesOf } from "../../3-plan/plan-process.ts";
import type { ProcessHost, ProcessImplementation, ProcessTimers, TableGiven } from "../../functions/process-function.ts";
import { compileExpression } from "../codegen/compile-expression.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";
import { rowOrder } from "./row-order.ts";

/** Timers of rows that wait to be put in order, told from the function's own by this. */
const ORDER: readonly StateNamespace[] = Array.from({ length: 20 }, (_, input) => ({ namespaceKey: input }));

/** `[kind, table, ...key, row]`. */
export class TagRowsOperator extends OneInputSqlOperator {
  private readonly input: number;
  private readonly partition: readonly number[];

  constructor(session: SessionSettings, input: number, partition: readonly number[]) {
    super(session);
    this.input = input;
    this.partition = partition;
  }

  processRow(row: Row): void {
    this.emit([row[0], this.input, ...this.partition.map((field) => row[field + FIELD_OFFSET]), row]);
  }
}

export class ProcessTableFunctionOperator extends OneInputSqlOperator {
  private readonly node: ProcessTableFunction;
  private readonly tables: readonly TableGiven[];
  private readonly keyed: boolean;
  private implementation!: ProcessImplementation;
  /** The table and row at hand; in a timer the last ones, whose key columns are those of the timer. */
  private input = -1;
  private row: Row = [];
  private timeMs: number | null = null;
  private watermarkMs: number = MIN_TIMESTAMP;
  private unnamed: InternalTimerService | null = null;
  private named: InternalTimerService | null = null;
  private order: InternalTimerService | null = null;
  private timerTimes!: MapState<number, boolean>;
  private timerNames!: MapState<string, number>;
  private keyOf!: MapState<string, unknown[]>;
  private readonly waiting: (MapState<number, Row[]> | null)[] = [];
  private readonly inOrder: readonly (((a: Row, b: Row) => number) | null)[];

  constructor(session: SessionSettings, node: ProcessTableFunction) {
    super(session);
    this.node = node;
    const tables = tablesOf(node);
    this.tables = tables.map(({ given }) => given);
    this.keyed = tables.some(({ isSet }) => isSet);
    this.inOrder = this.tables.map(({ order }) => (order.length === 0 ? null : rowOrder(order)));
  }

  override open(): void {
    const { fn, args } = this.node;
    if (this.inOrder.some((order) => order !== null)) {
      this.order = this.timerService("order-timers");
      this.inOrder.forEach((order, i) => this.waiting.push(order === null ? null : this.mapState<number, Row[]>(`order-buffer-${i}`)));
    }
    const scalars = args.map((given) => (given?.kind === "scalar" ? compileExpression(given.value, this.evalContext)([]) : null));
    const inputKinds = this.node.inputs.map(({ changelog }) =>
      changelog.updateBefore ? ("retract" as const) : changelog.updateAfter || changelog.delete ? ("upsert" as const) : ("insert" as const),
    );
    const work = { args, scalars, changelog: fn.changelog(args), inputKinds };
    this.implementation = fn.implement(work, this.host());
  }

  processRow(row: Row): void {
    if (this.tables.length === 0) {
      this.implementation.processRow(-1, row);
      return;
    }
    const several = this.tables.length > 1;
    const input = several ? (row[FIELD_OFFSET] as number) : 0;
    const plain = several ? (row[row.length - 1] as Row) : row;
    const order = this.inOrder[input];
    if (order === null) this.work(input, plain);
    else this.wait(input, plain);
  }

  private work(input: number, row: Row): void {
    this.input = input;
    this.row = row;
    const { timeField } = this.tables[input];
    this.timeMs = timeField < 0 ? null : (row[timeField + FIELD_OFFSET] as number);
    this.watermarkMs = this.order === null || this.inOrder[input] === null ? this.currentWatermark : this.watermarkMs;
    this.implementation.processRow(input, row);
  }

  private wait(input: number, row: Row): void {
    const time = row[this.tables[input].order[0].field + FIELD_OFFSET] as number;
    if (time <= this.currentWatermark) {
      this.dropLate(row, time);
      return;
    }
    const waiting = this.waiting[input]!;
    const rows = waiting.get(time) ?? [];
    waiting.put(time, [...rows, row]);
    if (rows.length === 0) this.order!.registerEventTimeTimer(ORDER[input], time);
  }

  override onWatermark(): void {
    this.watermarkMs = this.currentWatermark;
  }

  override onEventTime(timer: InternalTimer): void {
    const { namespace, timestampMs } = timer;
    const { namespaceKey } = namespace;
    if (typeof namespaceKey === "number") {
      const waiting = this.waiting[namespaceKey]!;
      const rows = [...(waiting.get(timestampMs) ?? [])].sort(this.inOrder[namespaceKey]!);
      waiting.remove(timestampMs);
      for (const row of rows) this.work(namespaceKey, row);
      return;
    }
    const name = namespaceKey === "" ? null : namespaceKey.slice(1);
    if (name === null) this.timerTimes.remove(timestampMs);
    else this.timerNames.remove(name);
    this.timeMs = timestampMs;
    this.watermarkMs = this.currentWatermark;
    this.row = this.rowOfKey();
    this.implementation.onTimer?.(name);
  }

  /** A row with the key's columns at their places, for what is passed through when a timer fires. */
  private rowOfKey(): Row {
    const key = this.keyOf.get("") ?? [];
    const row: Row = [0];
    const { partition, input } = this.tables[0];
    this.input = input;
    partition.forEach((field, i) => {
      row[field + FIELD_OFFSET] = key[i];
    });
    return row;
  }

  private collect(kind: RowKind, values: readonly unknown[]): void {
    const { through, rowtime } = this.node;
    const made: Row = [kind];
    for (const { input, field } of through) made.push(this.throughValue(input, field));
    for (const value of values) made.push(value);
    if (rowtime) made.push(this.timeMs);
    this.emit(made);
  }

  /** Key columns of all tables are equal. */
  private throughValue(input: number, field: number): unknown {
    if (input === this.input || this.tables.length === 1) return this.row[field + FIELD_OFFSET];
    const at = this.tables[input].partition.indexOf(field);
    return this.row[this.tables[this.input].partition[at] + FIELD_OFFSET];
  }

  private host(): ProcessHost {
    const ttlOf = (ttlMs: number | null): number => ttlMs ?? this.session.stateTtlMs;
    return {
      context: this.evalContext,
      collect: (kind, values) => this.collect(kind, values),
      valueState: <T>(name: string, ttlMs: number | null) => this.valueState<T>(name, ttlOf(ttlMs)),
      listState: (name, ttlMs) => {
        const state = this.listState<unknown>(name, ttlOf(ttlMs));
        return {
          get: () => state.get(),
          add: (value) => state.add(value),
          update: (values) => state.update([...values]),
          clear: () => state.clear(),
        };
      },
      mapState: (name, ttlMs) => this.mapState<unknown, unknown>(name, ttlOf(ttlMs)),
      timers: this.timers(),
      time: () => this.timeMs,
      watermark: () => (this.watermarkMs === MIN_TIMESTAMP ? null : this.watermarkMs),
    };
  }

  /** Only with PARTITION BY semantics, and not together with the traits that Flink excludes. */
  private timers(): ProcessTimers | null {
    const { fn, args } = this.node;
    const advanced = fn.parameters.some(({ traits }) => traits.has("PASS_COLUMNS_THROUGH") || traits.has("SUPPORT_UPDATES"));
    if (!this.keyed || advanced || fn.changelog(args) !== "insert") return null;
    const unnamed = this.timerService("unnamed-timers");
    const named = this.timerService("named-timers");
    this.unnamed = unnamed;
    this.named = named;
    this.timerTimes = this.mapState<number, boolean>("unnamed-timers-times");
    this.timerNames = this.mapState<string, number>("named-timers-times");
    this.keyOf = this.mapState<string, unknown[]>("partition-key");
    const deleteNamed = (name: string): void => {
      const time = this.timerNames.get(name);
      if (time === null) return;
      named.deleteEventTimeTimer(namespaceOf(name), time);
      this.timerNames.remove(name);
    };
    return {
      register: (name, timestampMs) => {
        this.rememberKey();
        if (name === null) {
          this.timerTimes.put(timestampMs, true);
          unnamed.registerEventTimeTimer(VOID_NAMESPACE, timestampMs);
          return;
        }
        deleteNamed(name);
        this.timerNames.put(name, timestampMs);
        named.registerEventTimeTimer(namespaceOf(name), timestampMs);
      },
      clearNamed: deleteNamed,
      clearUnnamed: (timestampMs) => {
        unnamed.deleteEventTimeTimer(VOID_NAMESPACE, timestampMs);
        this.timerTimes.remove(timestampMs);
      },
      clearAll: () => {
        for (const [timestampMs] of [...this.timerTimes.entries()]) unnamed.deleteEventTimeTimer(VOID_NAMESPACE, timestampMs);
        this.timerTimes.clear();
        for (const [name] of [...this.timerNames.entries()]) deleteNamed(name);
      },
    };
  }

  private rememberKey(): void {
    const { partition } = this.tables[this.input];
    if (this.keyOf.get("") === null)
      this.keyOf.put(
        "",
        partition.map((field) => this.row[field + FIELD_OFFSET]),
      );
  }
}

/** Names are told from the void namespace, and from those of the order, by what they begin with. */
function namespaceOf(name: string): StateNamespace {
  return { namespaceKey: `:${name}` };
}
