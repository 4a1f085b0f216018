/**
 * Logical algebra: what a query means, with resolved columns and typed expressions, before it is decided how to run it. Node kinds
 * and field names are those of Calcite's `SqlToRelConverter`, because the "Abstract Syntax Tree" of EXPLAIN prints exactly this
 * tree. The rules of 4-optimize rewrite it; kinds below the line are made by rules only.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import type { SelectQuery } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
import type { ProcessArgument, ProcessFunction } from "../functions/process-function.ts";
import type { Rex } from "./rex.ts";

/** As parsed, with a SELECT or behind a table. */
export type Hints = SelectQuery["hints"];

export interface RelColumn {
  readonly name: string;
  readonly type: LogicalType;
}

interface RelBase {
  readonly columns: readonly RelColumn[];
}

/** The physical and metadata columns of a table, as the connector gives them. */
export interface Scan extends RelBase {
  readonly kind: "scan";
  readonly table: CatalogTable;
  /** Per column its number in the table. */
  readonly fields: readonly number[];
  /** Texts of the hints behind the name, without their comment signs. */
  readonly hints: Hints;
}

/** Marks the rowtime column; the watermarks themselves come out of the source. */
export interface WatermarkAssigner extends RelBase {
  readonly kind: "watermarkAssigner";
  readonly input: Rel;
  readonly field: number;
  /** null = SOURCE_WATERMARK(). */
  readonly expr: Rex | null;
}

export interface Values extends RelBase {
  readonly kind: "values";
  readonly rows: readonly (readonly Rex[])[];
}

export interface Filter extends RelBase {
  readonly kind: "filter";
  readonly input: Rel;
  readonly condition: Rex;
  /** Correlation variable that subqueries of the condition use. */
  readonly variable: number | null;
}

export interface Project extends RelBase {
  readonly kind: "project";
  readonly input: Rel;
  readonly exprs: readonly Rex[];
  readonly variable: number | null;
  /** Hints of the SELECT, e.g. STATE_TTL. */
  readonly hints: Hints;
  /** Stands for the common columns of USING: not there for a select list, which computes them itself. */
  readonly using?: boolean;
}

export interface AggregateCall {
  readonly fn: AggregateFunction;
  /** Fields of the input. */
  readonly args: readonly number[];
  readonly distinct: boolean;
  /** Boolean field that says which rows count, or -1. */
  readonly filter: number;
  readonly type: LogicalType;
  /** Alias in the select list, null when the call stands inside an expression. */
  readonly name: string | null;
  /** The values only grow (MAX) as rows are replaced: what is taken back need not be remembered. Said by the changelog passes. */
  readonly keepsExtreme?: boolean;
  /** Computed though nobody reads it: the group's row is given again when it changes. */
  readonly always?: boolean;
  /** GROUPING and its kin: the keys they look at. */
  readonly grouping?: readonly number[];
}

/** Output: keys, calls; a legacy group window is a key computed by `$TUMBLE(time, size)` below. */
export interface Aggregate extends RelBase {
  readonly kind: "aggregate";
  readonly input: Rel;
  readonly keys: readonly number[];
  /** GROUPING SETS as positions of `keys`; null = all of them. */
  readonly sets: readonly (readonly number[])[] | null;
  readonly calls: readonly AggregateCall[];
  /** Half of a distinct aggregation whose values are dealt out to buckets; absent = neither. */
  readonly partialFinal?: "PARTIAL" | "FINAL";
  readonly hints: Hints;
  readonly span: Span;
}

export type WindowSpecification =
  | { readonly kind: "tumble"; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: "hop"; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs: number }
  | { readonly kind: "cumulate"; readonly sizeMs: number; readonly stepMs: number; readonly offsetMs: number }
  | { readonly kind: "session"; readonly gapMs: number; readonly partition: readonly number[] };

/** TUMBLE, HOP, CUMULATE, SESSION: appends window_start, window_end, window_time. */
export interface WindowTvf extends RelBase {
  readonly kind: "windowTvf";
  readonly input: Rel;
  readonly spec: WindowSpecification;
  readonly timeField: number;
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
  /** The intervals as written, in the order of the call, for EXPLAIN. */
  readonly intervals: readonly Rex[];
  readonly span: Span;
}

export type RelJoinType = "inner" | "left" | "right" | "full" | "semi" | "anti";

/** Condition over the left fields followed by the right ones; semi and anti give the left fields only. */
export interface Join extends RelBase {
  readonly kind: "join";
  readonly type: RelJoinType;
  readonly left: Rel;
  readonly right: Rel;
  readonly condition: Rex;
  /** FOR SYSTEM_TIME AS OF this left field; null = not a temporal join. */
  readonly asOf: number | null;
  /** Correlation variable that subqueries of the condition use; absent = none does. */
  readonly variable?: number | null;
  readonly hints: Hints;
  readonly span: Span;
}

/** Inner and left joins of many inputs by a key that all of them share. Made by a rule. */
export interface MultiJoin extends RelBase {
  readonly kind: "multiJoin";
  readonly inputs: readonly Rel[];
  /** How input i + 1 is joined with those before it. */
  readonly types: readonly ("inner" | "left")[];
  /** Of input i + 1, over the fields of it and those before it. */
  readonly conditions: readonly Rex[];
  readonly hints: Hints;
  readonly span: Span;
}

/** The right side is evaluated for each left row, which it reads as `$cor<id>`. */
export interface Correlate extends RelBase {
  readonly kind: "correlate";
  readonly type: "inner" | "left";
  readonly left: Rel;
  readonly right: Rel;
  readonly id: number;
  readonly hints: Hints;
  readonly span: Span;
}

/** A table FOR SYSTEM_TIME AS OF `period`. */
export interface Snapshot extends RelBase {
  readonly kind: "snapshot";
  readonly input: Rel;
  readonly period: Rex;
}

/** The elements of the one collection of its one-column input. */
export interface Uncollect extends RelBase {
  readonly kind: "uncollect";
  readonly input: Rel;
  readonly withOrdinality: boolean;
}

export interface SetOperation extends RelBase {
  readonly kind: "union" | "intersect" | "except";
  readonly all: boolean;
  readonly inputs: readonly Rel[];
  readonly span: Span;
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

/** A part of a row pattern. */
export type RowPattern =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "concat"; readonly left: RowPattern; readonly right: RowPattern }
  /** `to` -1 = without limit. */
  | { readonly kind: "quantified"; readonly pattern: RowPattern; readonly from: number; readonly to: number; readonly reluctant: boolean }
  /** What Flink cannot run: alternation, PERMUTE, exclusion. */
  | { readonly kind: "other"; readonly operator: string; readonly parts: readonly RowPattern[] };

/** MATCH_RECOGNIZE. Its expressions: `match-expressions.ts`. */
export interface Match extends RelBase {
  readonly kind: "match";
  readonly input: Rel;
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly measures: readonly { readonly name: string; readonly rex: Rex }[];
  readonly pattern: RowPattern;
  /** Variables in the order of the pattern, with their conditions; a variable without one matches every row. */
  readonly defines: readonly { readonly variable: string; readonly rex: Rex }[];
  /** SUBSET: accepted, but its variables have no rows. */
  readonly subsets: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly allRows: boolean;
  readonly after: { readonly kind: "pastLastRow" | "toNextRow" } | { readonly kind: "toFirst" | "toLast"; readonly variable: string };
  readonly withinMs: number | null;
  readonly within: Rex | null;
  readonly span: Span;
}

/** A call of a process table function. */
export interface Process extends RelBase {
  readonly kind: "process";
  /** The tables, in the order of the call's arguments. */
  readonly inputs: readonly Rel[];
  readonly fn: ProcessFunction;
  readonly args: readonly ProcessArgument[];
  /** Columns that `on_time` names; null = DEFAULT. */
  readonly onTime: readonly string[] | null;
  /** As given; null = DEFAULT. */
  readonly uidArgument: string | null;
  /** Under which state is found again; null = there is none. */
  readonly uid: string | null;
  /** Columns of the tables that come before the function's own. */
  readonly through: readonly { readonly input: number; readonly field: number }[];
  readonly rowtime: boolean;
  readonly span: Span;
}

/** INSERT INTO. */
export interface Sink extends RelBase {
  readonly kind: "sink";
  readonly input: Rel;
  readonly table: CatalogTable;
  readonly onConflict: "ERROR" | "NOTHING" | "DEDUPLICATE" | null;
  /** Numbers of the columns that INSERT INTO names; null = it names none. */
  readonly targets?: readonly number[] | null;
  readonly span: Span;
}

// ---- made by rules ----

/** Legacy TUMBLE, HOP, SESSION in GROUP BY. */
export interface GroupWindow {
  readonly spec: WindowSpecification;
  readonly timeField: number;
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
}

/** Output: keys, calls, then with `properties` the window's start, end, rowtime and proctime. */
export interface WindowAggregate extends RelBase {
  readonly kind: "windowAggregate";
  readonly input: Rel;
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly window: GroupWindow;
  readonly properties: boolean;
  readonly span: Span;
}

/** Per row and per list of expressions one row: the copies that GROUPING SETS aggregate over. */
export interface Expand extends RelBase {
  readonly kind: "expand";
  readonly input: Rel;
  readonly projects: readonly (readonly Rex[])[];
}

export interface OverCall {
  /** ROW_NUMBER, RANK, DENSE_RANK, LAG, LEAD, … or an aggregate. */
  readonly name: string;
  readonly fn: AggregateFunction | null;
  /** Fields of the input, or constants. */
  readonly args: readonly Rex[];
  readonly distinct: boolean;
  readonly type: LogicalType;
}

export interface Frame {
  readonly unit: "ROWS" | "RANGE";
  /** null = unbounded preceding; rows, or ms. */
  readonly preceding: number | null;
}

export interface OverGroup {
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly frame: Frame;
  /** A frame that ends behind the current row, or begins there. */
  readonly following: boolean;
  readonly calls: readonly OverCall[];
}

/** Appends one field per call. Several groups are several windows, which streaming refuses. */
export interface Over extends RelBase {
  readonly kind: "over";
  readonly input: Rel;
  readonly groups: readonly OverGroup[];
  /** The query computes something besides the windows: Flink does so in front of them, in a projection that cuts off what nobody reads below. */
  readonly computes: boolean;
  readonly span: Span;
}

export interface RankRange {
  readonly start: number;
  readonly end: number | { readonly field: number };
}

/** ROW_NUMBER() OVER (…) with a bound on it. Appends the rank when it is asked for. */
export interface Rank extends RelBase {
  readonly kind: "rank";
  readonly input: Rel;
  readonly rankType: "ROW_NUMBER" | "RANK" | "DENSE_RANK";
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly range: RankRange;
  readonly outputRank: boolean;
  /** As of the window over rows that it was. */
  readonly computes: boolean;
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
  /** Over the appended fields. */
  readonly condition: Rex | null;
  readonly id: number;
}

/** Repeats a row as often as its first field says; appends the other fields again. Part of INTERSECT ALL and EXCEPT ALL. */
export interface ReplicateRows extends RelBase {
  readonly kind: "replicateRows";
  readonly input: Rel;
}

export type Rel =
  | Scan
  | WatermarkAssigner
  | Values
  | Filter
  | Project
  | Aggregate
  | WindowTvf
  | Join
  | Correlate
  | Snapshot
  | Uncollect
  | SetOperation
  | Sort
  | Match
  | Process
  | Sink
  | WindowAggregate
  | Expand
  | Over
  | Rank
  | Unnest
  | ReplicateRows
  | MultiJoin;

/** The node's inputs, left before right. */
export function inputsOfRel(rel: Rel): readonly Rel[] {
  switch (rel.kind) {
    case "scan":
    case "values":
      return [];
    case "join":
    case "correlate":
      return [rel.left, rel.right];
    case "union":
    case "intersect":
    case "except":
    case "process":
    case "multiJoin":
      return rel.inputs;
    default:
      return [rel.input];
  }
}

/** The same node over changed inputs; its columns stay. */
export function mapInputs(rel: Rel, change: (input: Rel) => Rel): Rel {
  switch (rel.kind) {
    case "scan":
    case "values":
      return rel;
    case "join":
    case "correlate": {
      const left = change(rel.left);
      const right = change(rel.right);
      return left === rel.left && right === rel.right ? rel : { ...rel, left, right };
    }
    case "union":
    case "intersect":
    case "except":
    case "process":
    case "multiJoin": {
      const inputs = rel.inputs.map(change);
      return inputs.every((input, i) => input === rel.inputs[i]) ? rel : { ...rel, inputs };
    }
    default: {
      const input = change(rel.input);
      return input === rel.input ? rel : { ...rel, input };
    }
  }
}
