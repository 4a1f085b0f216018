/**
 * Process table functions as the engine sees them, its own (TO_CHANGELOG) and those of users: which arguments they take, what comes out, and how
 * they work on rows. The binder (2-analyze/bind-process-function.ts) checks a call against the declaration, the operator hosts the work.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import type { Row } from "../../types/row.ts";
import type { RowKind } from "../../types/row-kind.ts";
import type { RelColumn } from "../2-analyze/rel.ts";
import type { Rex } from "../2-analyze/rex.ts";
import type { Span } from "../1-parse/span.ts";
import type { EvalContext } from "./scalar-function.ts";

/** Flink's `ArgumentTrait`, but for SCALAR, which is an argument without any. */
export type TableTrait =
  | "ROW_SEMANTIC_TABLE"
  | "SET_SEMANTIC_TABLE"
  | "OPTIONAL_PARTITION_BY"
  | "PASS_COLUMNS_THROUGH"
  | "SUPPORT_UPDATES"
  | "REQUIRE_UPDATE_BEFORE"
  | "REQUIRE_FULL_DELETE"
  | "REQUIRE_ON_TIME";

export interface ProcessParameter {
  readonly name: string;
  readonly kind: "table" | "scalar" | "descriptor";
  readonly traits: ReadonlySet<TableTrait>;
  /** Of a table: the row that its columns are cast to, null = any row. Of a scalar: never null. */
  readonly type: LogicalType | null;
  readonly optional: boolean;
}

/** A table as it is given in a call. */
export interface TableGiven {
  readonly kind: "table";
  /** Position among the call's tables. */
  readonly input: number;
  readonly columns: readonly RelColumn[];
  readonly partition: readonly number[];
  readonly order: readonly { readonly field: number; readonly descending: boolean; readonly nullsFirst: boolean }[];
  /** The column that `on_time` names, or -1. */
  readonly timeField: number;
  readonly span: Span;
}

/** An argument as it is given in a call, in the order of the parameters; null stands for DEFAULT. */
export type ProcessArgument =
  | TableGiven
  | { readonly kind: "scalar"; readonly value: Rex; readonly span: Span }
  | { readonly kind: "descriptor"; readonly columns: readonly string[]; readonly span: Span }
  | null;

export type ProcessChangelog = "insert" | "upsert" | "retract";

export interface ProcessFunction {
  readonly name: string;
  readonly parameters: readonly ProcessParameter[];
  /** A table aggregate function: fields of its arguments and names of what it emits, for EXPLAIN. */
  readonly aggregate?: { readonly args: readonly number[]; readonly names: readonly string[] };
  /** Columns of what the function gives, without those that are passed through. Throws SqlError when arguments are wrong. */
  output(args: readonly ProcessArgument[], span: Span): readonly RelColumn[];
  /** One of the engine's, to which `on_time` may be given even where rows are updated. */
  readonly ownKinds?: boolean;
  /** Kinds of rows that come out. */
  changelog(args: readonly ProcessArgument[]): ProcessChangelog;
  implement(call: ProcessWork, host: ProcessHost): ProcessImplementation;
}

/** What an implementation knows of its call. */
export interface ProcessWork {
  readonly args: readonly ProcessArgument[];
  /** Values of scalar arguments, null elsewhere. */
  readonly scalars: readonly unknown[];
  readonly changelog: ProcessChangelog;
  /** The kinds of rows that come in, by table. */
  readonly inputKinds: readonly ("insert" | "upsert" | "retract")[];
}

export interface StateHandle<T> {
  value(): T | null;
  update(value: T): void;
  clear(): void;
}

export interface ListHandle {
  get(): readonly unknown[];
  add(value: unknown): void;
  update(values: readonly unknown[]): void;
  clear(): void;
}

export interface MapHandle {
  get(key: unknown): unknown;
  put(key: unknown, value: unknown): void;
  remove(key: unknown): void;
  contains(key: unknown): boolean;
  entries(): Iterable<readonly [unknown, unknown]>;
  clear(): void;
}

/** What the operator does for an implementation. State and timers are those of the current key. */
export interface ProcessHost {
  readonly context: EvalContext;
  /** Emits the function's own columns; what is passed through is added. */
  collect(kind: RowKind, values: readonly unknown[]): void;
  /** `ttlMs` null = what the session says. */
  valueState<T>(name: string, ttlMs: number | null): StateHandle<T>;
  listState(name: string, ttlMs: number | null): ListHandle;
  mapState(name: string, ttlMs: number | null): MapHandle;
  /** null = the declaration allows none. */
  readonly timers: ProcessTimers | null;
  /** Time of the row or timer at hand, null without `on_time`. */
  time(): number | null;
  /** null before the first one. */
  watermark(): number | null;
}

export interface ProcessTimers {
  register(name: string | null, timestampMs: number): void;
  clearNamed(name: string): void;
  clearUnnamed(timestampMs: number): void;
  clearAll(): void;
}

export interface ProcessImplementation {
  /** A row of the table at this position; without tables it is called once, with -1 and no fields. */
  processRow(input: number, row: Row): void;
  /** `name` null = an unnamed timer. */
  onTimer?(name: string | null): void;
}
