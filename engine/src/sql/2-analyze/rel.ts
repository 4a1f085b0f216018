/** Relational tree: what a query means, with resolved columns and typed expressions, before it is decided how to run it. */
import type { LogicalType } from "../../types/logical-type.ts";
import type { Span } from "../1-parse/span.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
import type { Rex } from "./rex.ts";

export interface RelColumn {
  readonly name: string;
  readonly type: LogicalType;
}

interface RelBase {
  readonly columns: readonly RelColumn[];
}

export interface Scan extends RelBase {
  readonly kind: "scan";
  readonly table: CatalogTable;
}

export interface Values extends RelBase {
  readonly kind: "values";
  readonly rows: readonly (readonly Rex[])[];
}

export interface Filter extends RelBase {
  readonly kind: "filter";
  readonly input: Rel;
  readonly condition: Rex;
}

export interface Project extends RelBase {
  readonly kind: "project";
  readonly input: Rel;
  readonly exprs: readonly Rex[];
}

export interface AggregateCall {
  readonly fn: AggregateFunction;
  /** Fields of the input. */
  readonly args: readonly number[];
  readonly distinct: boolean;
  /** Boolean field that says which rows count, or -1. */
  readonly filter: number;
  readonly type: LogicalType;
}

/** TUMBLE, HOP or SESSION in GROUP BY (the legacy form). */
export interface GroupWindow {
  readonly spec: WindowSpecification;
  readonly timeField: number;
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
}

/** Output: keys, calls, then with a group window its start, end and time attribute. */
export interface Aggregate extends RelBase {
  readonly kind: "aggregate";
  readonly input: Rel;
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly groupWindow: GroupWindow | null;
  readonly span: Span;
}

/** GROUPING SETS as copies of each row: per set, keys not in it become NULL and the last field tells the set's number. */
export interface Expand extends RelBase {
  readonly kind: "expand";
  readonly input: Rel;
  /** For each set the fields kept. */
  readonly keys: readonly number[];
  readonly sets: readonly (readonly number[])[];
  /** Value of the added field per set: bit i (from the left) is 1 when key i is not in the set. */
  readonly ids: readonly number[];
}

export type WindowSpecification =
  | { readonly kind: "tumble"; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: "hop"; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs: number }
  | { readonly kind: "cumulate"; readonly sizeMs: number; readonly stepMs: number; readonly offsetMs: number }
  | { readonly kind: "session"; readonly gapMs: number; readonly partition: readonly number[] };

/** Appends window_start, window_end, window_time. */
export interface WindowTvf extends RelBase {
  readonly kind: "windowTvf";
  readonly input: Rel;
  readonly spec: WindowSpecification;
  readonly timeField: number;
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
}

export type RelJoinType = "inner" | "left" | "right" | "full" | "semi" | "anti";

/** Condition over the left fields followed by the right ones; semi and anti give the left fields only. */
export interface Join extends RelBase {
  readonly kind: "join";
  readonly type: RelJoinType;
  readonly left: Rel;
  readonly right: Rel;
  readonly condition: Rex;
  /** FOR SYSTEM_TIME AS OF this left field. */
  readonly asOf: number | null;
  readonly span: Span;
}

export interface SetOperation extends RelBase {
  readonly kind: "union" | "intersect" | "except";
  readonly all: boolean;
  readonly inputs: readonly Rel[];
}

export interface SortKey {
  readonly field: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface Sort extends RelBase {
  readonly kind: "sort";
  readonly input: Rel;
  readonly keys: readonly SortKey[];
  readonly offset: number;
  readonly fetch: number | null;
  readonly span: Span;
}

export interface OverCall {
  /** ROW_NUMBER, RANK, DENSE_RANK, LAG, LEAD, … or an aggregate. */
  readonly name: string;
  readonly fn: AggregateFunction | null;
  readonly args: readonly number[];
  readonly distinct: boolean;
  readonly type: LogicalType;
}

export interface Frame {
  readonly unit: "ROWS" | "RANGE";
  /** null = unbounded preceding; rows, or ms. */
  readonly preceding: number | null;
}

/** Appends one field per call. */
export interface Over extends RelBase {
  readonly kind: "over";
  readonly input: Rel;
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly frame: Frame;
  readonly calls: readonly OverCall[];
  readonly span: Span;
}

/** Each row with each element of its own collection. Appends the element's fields (and the position). */
export interface Unnest extends RelBase {
  readonly kind: "unnest";
  readonly input: Rel;
  readonly collection: Rex;
  readonly withOrdinality: boolean;
  readonly outer: boolean;
  /** Fields per element; 0 = the element itself is the one field. */
  readonly elementFields: number;
}

export type Rel = Scan | Values | Filter | Project | Aggregate | Expand | WindowTvf | Join | SetOperation | Sort | Over | Unnest;
