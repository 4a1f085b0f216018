/** Queries, table references, windows. */
import type { CallExpr, Expr } from "./expressions.ts";
import type { MatchRecognizeRef } from "./match-recognize.ts";
import type { Identifier, Node } from "./node.ts";

// ---- windows and ordering ----

export interface OrderItem extends Node {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nulls: "FIRST" | "LAST" | null;
}

export interface FrameBound {
  readonly kind: "unboundedPreceding" | "preceding" | "currentRow" | "following" | "unboundedFollowing";
  readonly offset: Expr | null;
}

export interface WindowSpec extends Node {
  readonly kind: "windowSpec";
  readonly base: Identifier | null;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: { readonly unit: "ROWS" | "RANGE"; readonly start: FrameBound; readonly end: FrameBound } | null;
  /** ALLOW PARTIAL, DISALLOW PARTIAL; null = not written. */
  readonly partial: "ALLOW" | "DISALLOW" | null;
}

// ---- hints ----

/** `STATE_TTL('o' = '1d', 'c' = '2d')`, `BROADCAST(t1, t2)`, `LOOKUP('table' = 'd', …)`. */
export interface Hint extends Node {
  readonly name: Identifier;
  readonly args: readonly HintArgument[];
}

export interface HintArgument extends Node {
  /** The key of a key-value pair; null for a name, a string or a number standing alone. */
  readonly key: string | null;
  readonly value: string;
  /** How the value was written. */
  readonly form: "name" | "string" | "number";
}

// ---- queries ----

export interface SelectItem extends Node {
  readonly expr: Expr;
  readonly alias: Identifier | null;
}

export type GroupItem =
  | { readonly kind: "expr"; readonly expr: Expr; readonly span: Node["span"] }
  | { readonly kind: "sets" | "rollup" | "cube"; readonly sets: readonly (readonly Expr[])[]; readonly span: Node["span"] }
  /** GROUPING SETS with ROLLUP, CUBE or GROUPING SETS among its elements. */
  | { readonly kind: "nestedSets"; readonly items: readonly GroupItem[]; readonly span: Node["span"] };

export interface SelectQuery extends Node {
  readonly kind: "select";
  readonly distinct: boolean;
  /** SELECT STREAM: a word of Calcite's without effect. */
  readonly stream: boolean;
  readonly hints: readonly Hint[];
  readonly items: readonly SelectItem[];
  readonly from: TableRef | null;
  readonly where: Expr | null;
  /** null = no GROUP BY; empty = GROUP BY (). */
  readonly groupBy: readonly GroupItem[] | null;
  /** GROUP BY DISTINCT: equal grouping sets count once. */
  readonly groupDistinct: boolean;
  readonly having: Expr | null;
  readonly windows: readonly { readonly name: Identifier; readonly spec: WindowSpec }[];
  readonly qualify: Expr | null;
}

export interface ValuesQuery extends Node {
  readonly kind: "values";
  readonly rows: readonly (readonly Expr[])[];
}

export interface SetQuery extends Node {
  readonly kind: "set";
  readonly op: "UNION" | "INTERSECT" | "EXCEPT";
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

export type QueryBody = SelectQuery | ValuesQuery | SetQuery | Query;

export interface CommonTable extends Node {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

export interface Query extends Node {
  readonly kind: "query";
  readonly with: readonly CommonTable[];
  /** WITH RECURSIVE. */
  readonly recursive: boolean;
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  /** LIMIT or FETCH. */
  readonly limit: Expr | null;
  readonly offset: Expr | null;
}

// ---- table references ----

export interface Alias {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
}

export type JoinType = "INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS";

export type TableRef =
  | {
      readonly kind: "table";
      readonly span: Node["span"];
      readonly path: readonly Identifier[];
      readonly alias: Alias | null;
      /** FOR SYSTEM_TIME AS OF. */
      readonly asOf: Expr | null;
      readonly hints: readonly Hint[];
    }
  | {
      readonly kind: "derived";
      readonly span: Node["span"];
      readonly query: Query;
      readonly alias: Alias | null;
      readonly lateral: boolean;
    }
  | {
      readonly kind: "function";
      readonly span: Node["span"];
      readonly call: CallExpr;
      readonly alias: Alias | null;
      readonly lateral: boolean;
    }
  | {
      readonly kind: "unnest";
      readonly span: Node["span"];
      /** The first of `exprs`. */
      readonly expr: Expr;
      readonly exprs: readonly Expr[];
      readonly withOrdinality: boolean;
      readonly alias: Alias | null;
    }
  | {
      readonly kind: "join";
      readonly span: Node["span"];
      readonly type: JoinType;
      /** Written as a comma in FROM. */
      readonly comma: boolean;
      readonly natural: boolean;
      readonly left: TableRef;
      readonly right: TableRef;
      readonly on: Expr | null;
      readonly using: readonly Identifier[];
    }
  | MatchRecognizeRef
  | SampleRef
  | PivotRef
  | UnpivotRef;

/** TABLESAMPLE. */
export interface SampleRef extends Node {
  readonly kind: "sample";
  readonly input: TableRef;
  readonly method: "BERNOULLI" | "SYSTEM" | "SUBSTITUTE";
  /** The percentage as written, or the name behind SUBSTITUTE. */
  readonly size: string;
  readonly seed: number | null;
}

/** PIVOT: Flink's parser takes it, its planner refuses it. */
export interface PivotRef extends Node {
  readonly kind: "pivot";
  readonly input: TableRef;
  readonly aggregates: readonly SelectItem[];
  readonly axes: readonly Identifier[];
  readonly values: readonly SelectItem[];
  readonly alias: Alias | null;
}

/** UNPIVOT: Flink's parser takes it, its planner refuses it. */
export interface UnpivotRef extends Node {
  readonly kind: "unpivot";
  readonly input: TableRef;
  readonly nulls: "INCLUDE" | "EXCLUDE" | null;
  readonly measures: readonly Identifier[];
  readonly axes: readonly Identifier[];
  readonly values: readonly { readonly columns: readonly Identifier[]; readonly value: Expr | null }[];
  readonly alias: Alias | null;
}
