/** Statements that change data, and those that bundle them. */
import type { CallExpr, Expr } from "./expressions.ts";
import type { Identifier, Node } from "./node.ts";
import type { Hint, Query, TableRef } from "./queries.ts";
import type { PartitionValue } from "./tables.ts";

export interface InsertInto extends Node {
  readonly kind: "insert";
  /** INSERT OVERWRITE. */
  readonly overwrite: boolean;
  /** UPSERT INTO, Calcite's. */
  readonly upsert: boolean;
  readonly path: readonly Identifier[];
  readonly hints: readonly Hint[];
  /** PARTITION (p = 'v'). */
  readonly partition: readonly PartitionValue[];
  /** Empty = all. */
  readonly columns: readonly Identifier[];
  readonly query: Query;
  /** ON CONFLICT DO …; null = not written. */
  readonly onConflict: "ERROR" | "NOTHING" | "DEDUPLICATE" | null;
}

export interface StatementSet extends Node {
  readonly kind: "statementSet";
  readonly inserts: readonly InsertInto[];
}

export interface UpdateStatement extends Node {
  readonly kind: "update";
  readonly path: readonly Identifier[];
  readonly hints: readonly Hint[];
  readonly alias: Identifier | null;
  readonly assignments: readonly { readonly column: Identifier; readonly value: Expr }[];
  readonly where: Expr | null;
}

export interface DeleteStatement extends Node {
  readonly kind: "delete";
  readonly path: readonly Identifier[];
  readonly hints: readonly Hint[];
  readonly alias: Identifier | null;
  readonly where: Expr | null;
}

/** MERGE: Flink's parser takes it, its planner refuses it. */
export interface MergeStatement extends Node {
  readonly kind: "merge";
  readonly path: readonly Identifier[];
  readonly alias: Identifier | null;
  readonly using: TableRef;
  readonly on: Expr;
  readonly matched: readonly { readonly column: readonly Identifier[]; readonly value: Expr }[] | null;
  readonly notMatched: { readonly columns: readonly Identifier[]; readonly values: readonly Expr[] } | null;
}

export interface TruncateTable extends Node {
  readonly kind: "truncate";
  readonly path: readonly Identifier[];
}

/** CALL procedure(…). */
export interface CallProcedure extends Node {
  readonly kind: "callProcedure";
  readonly call: CallExpr;
}

export interface QueryStatement extends Node {
  readonly kind: "queryStatement";
  readonly query: Query;
}

/** BEGIN STATEMENT SET; the inserts follow as statements of their own, up to END. */
export interface BeginStatementSet extends Node {
  readonly kind: "beginStatementSet";
}

export interface EndStatementSet extends Node {
  readonly kind: "endStatementSet";
}

/** EXECUTE INSERT INTO …, EXECUTE SELECT …; a statement set comes as `StatementSet` itself. */
export interface ExecuteStatement extends Node {
  readonly kind: "execute";
  readonly statement: InsertInto | QueryStatement;
}

/** EXECUTE PLAN 'file'. */
export interface ExecutePlan extends Node {
  readonly kind: "executePlan";
  readonly file: string;
}

/** COMPILE PLAN 'file' FOR …, COMPILE AND EXECUTE PLAN 'file' FOR …. */
export interface CompilePlan extends Node {
  readonly kind: "compilePlan";
  readonly file: string;
  readonly ifNotExists: boolean;
  readonly execute: boolean;
  readonly statement: InsertInto | StatementSet;
}
