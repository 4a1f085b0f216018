/** Tables in, a table out: functions with state, time and timers of their own. */
import type { TableTrait } from "../functions/process-function.ts";
import type { ChangelogMode } from "./changelog-mode.ts";
import type { DataType, TypeLike } from "./data-types.ts";
import { UserDefinedFunction } from "./user-defined-function.ts";

/**
 * What an argument of a process table function is: a scalar by default; a table whose rows are looked at one by one (`ROW_SEMANTIC_TABLE`) or belong together
 * by PARTITION BY (`SET_SEMANTIC_TABLE`, without PARTITION BY only with `OPTIONAL_PARTITION_BY`). `PASS_COLUMNS_THROUGH` puts all columns of the table
 * before what the function gives, `SUPPORT_UPDATES` lets updates in (`REQUIRE_UPDATE_BEFORE`: with -U before +U; `REQUIRE_FULL_DELETE`: -D with all
 * columns), `REQUIRE_ON_TIME` makes `on_time` obligatory. (Flink: docs/dev/table/functions/ptfs, "Arguments")
 */
export type ArgumentTrait = "SCALAR" | TableTrait;

/** An argument of a process table function, Flink's `@ArgumentHint`. (Flink: docs/dev/table/functions/ptfs, "Arguments") */
export interface ArgumentHint {
  /** Its name in calls: `f(input => TABLE t)`. */
  readonly name: string;
  /** What it is; default: a scalar. */
  readonly traits?: readonly ArgumentTrait[];
  /** A scalar's type, obligatory; `"DESCRIPTOR"` takes DESCRIPTOR(columns). Of a table: the ROW that its columns are cast to; default: any. */
  readonly type?: TypeLike;
  /** A scalar that may be left out, which then is null. Default false. */
  readonly isOptional?: boolean;
}

/** A state entry of a process table function, Flink's `@StateHint`. (Flink: docs/dev/table/functions/ptfs, "State") */
export interface StateHint {
  /** Its name, in state and for `clearState`. */
  readonly name: string;
  /**
   * A ROW: the entry is a `Row` with these fields, all null in the beginning. An ARRAY or MAP with `view`: a `ListView` or `MapView`. Default: whatever `initial`
   * makes.
   */
  readonly type?: TypeLike;
  /** Read and written element by element. Default false. */
  readonly view?: boolean;
  /** Makes a new entry: plain data (objects, arrays, maps) that `eval` changes. */
  readonly initial?: () => unknown;
  /** How long an entry stays after it was last written, such as "1 h"; default: `table.exec.state.ttl`. "0" = for ever. */
  readonly ttl?: string;
}

/**
 * What a process table function says about itself, in its static field `functionHint`. (Flink: docs/dev/table/functions/ptfs, "Implementation
 * Guide")
 */
export interface ProcessFunctionHint {
  /** The arguments in order; `on_time` and `uid` are there by themselves. */
  readonly arguments: readonly ArgumentHint[];
  /** State entries, which come before the arguments in `eval`. Default: none. */
  readonly state?: readonly StateHint[];
  /** The ROW that is collected, or the one column's type. */
  readonly output: TypeLike;
}

/** Services for the row or timer at hand. (Flink: docs/dev/table/functions/ptfs, "Context") */
export interface ProcessTableContext {
  /** Time, watermark and timers. */
  timeContext(): TimeContext;
  /** What the call says about a table argument. Throws Diagnostic PTF_ARGUMENT when it is none. */
  tableSemanticsFor(argumentName: string): TableSemantics;
  /** Makes a state entry what it was in the beginning. Throws Diagnostic PTF_STATE when there is none of this name. */
  clearState(stateName: string): void;
  /** The same for all state entries of the partition. */
  clearAllState(): void;
  /** Deletes all timers of the partition. */
  clearAllTimers(): void;
  /** Clears state and timers. */
  clearAll(): void;
  /** Kinds of rows that may be collected. */
  getChangelogMode(): ChangelogMode;
}

/** Services for a timer that fires. (Flink: docs/dev/table/functions/ptfs, "Timers") */
export interface ProcessTableOnTimerContext extends ProcessTableContext {
  /** The timer's name, null when it has none. */
  currentTimer(): string | null;
}

/** Time as the call's `on_time` column tells it, in epoch ms. (Flink: docs/dev/table/functions/ptfs, "Time and Timers") */
export interface TimeContext {
  /** Time of the row or timer at hand; null without `on_time`. */
  time(): number | null;
  /** The operator's watermark, null before the first one; in a timer that which fires it. */
  currentWatermark(): number | null;
  /** The same as `currentWatermark`. */
  tableWatermark(): number | null;
  /** Sets a timer for a time in ms, or one with a name, which replaces the earlier one of this name. Throws Diagnostic PTF_TIMERS where there are none. */
  registerOnTime(nameOrTimeMs: string | number, timeMs?: number): void;
  /** Deletes the timer of this name or time. */
  clearTimer(nameOrTimeMs: string | number): void;
  /** Deletes all timers of the partition. */
  clearAllTimers(): void;
}

/** What a call says about one of its tables. Positions count from 0. (Flink: docs/dev/table/functions/ptfs, "Table Semantics and Virtual Processors") */
export interface TableSemantics {
  /** The row's type. */
  dataType(): DataType;
  /** Columns of PARTITION BY. */
  partitionByColumns(): readonly number[];
  /** Columns of ORDER BY. */
  orderByColumns(): readonly number[];
  /** Column that `on_time` names, or -1. */
  timeColumn(): number;
  /** Kinds of rows that come in. */
  changelogMode(): ChangelogMode;
}

/**
 * Works on whole tables, row by row: with state that lasts from row to row of a partition, with timers, with updates in and out.
 *
 * ```ts
 * class Greeter extends ProcessTableFunction<string> {
 *   static functionHint = {
 *     arguments: [{ name: "input", traits: ["SET_SEMANTIC_TABLE"] }],
 *     state: [{ name: "seen", initial: () => ({ count: 0 }) }],
 *     output: "STRING",
 *   };
 *   eval(context: ProcessTableContext, seen: { count: number }, input: Row) {
 *     seen.count++;
 *     this.collect(`Hello ${input.getField("name")}, your ${seen.count}. time`);
 *   }
 * }
 * // SELECT * FROM Greeter(input => TABLE visits PARTITION BY name)
 * ```
 *
 * `eval(context, …state, …arguments)` is called for each row of each table; of several tables the others are null then. `onTimer(context, …state)` is called when a
 * timer fires. What comes out has the columns of PARTITION BY (or all, with `PASS_COLUMNS_THROUGH`) before the function's, and with `on_time` a time
 * attribute `rowtime` behind them. (Flink: docs/dev/table/functions/ptfs)
 */
export abstract class ProcessTableFunction<T = unknown> extends UserDefinedFunction {
  private collector: ((row: T) => void) | null = null;

  /** Called for each row. */
  abstract eval(...args: never[]): void;

  /** Called when a timer fires. */
  onTimer?(...args: never[]): void;

  /**
   * Kinds of rows that come out, Flink's `ChangelogFunction`: `Row.ofKind` says which one a row is. With `ChangelogMode.upsert()` rows are found by the
   * columns of PARTITION BY. Absent = inserts only.
   */
  getChangelogMode?(): ChangelogMode;

  /** Emits a row. Only while `eval` or `onTimer` is at work. */
  protected collect(row: T): void {
    this.collector?.(row);
  }

  /** @internal */
  setCollector(collector: (row: T) => void): void {
    this.collector = collector;
  }
}
