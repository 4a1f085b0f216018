/** Statements that only show something: SHOW, DESCRIBE, EXPLAIN. */
import type {
  DeleteStatement,
  ExecuteStatement,
  InsertInto,
  MergeStatement,
  QueryStatement,
  StatementSet,
  UpdateStatement,
} from "./dml.ts";
import type { Identifier, Node } from "./node.ts";
import type { PartitionValue, CreateMaterializedTable, CreateTable, CreateView } from "./tables.ts";

/** LIKE and ILIKE behind SHOW. */
export interface ShowFilter {
  readonly negated: boolean;
  readonly caseInsensitive: boolean;
  readonly pattern: string;
}

/** SHOW of a list of names. */
export interface ShowStatement extends Node {
  readonly kind: "show";
  readonly what:
    | "CATALOGS"
    | "CURRENT CATALOG"
    | "CURRENT DATABASE"
    | "DATABASES"
    | "TABLES"
    | "MATERIALIZED TABLES"
    | "VIEWS"
    | "COLUMNS"
    | "FUNCTIONS"
    | "USER FUNCTIONS"
    | "PROCEDURES"
    | "MODELS"
    | "CONNECTIONS"
    | "MODULES"
    | "FULL MODULES"
    | "JARS"
    | "JOBS";
  /** FROM or IN: the catalog, the database, or (COLUMNS) the table; null = not written. */
  readonly from: { readonly word: "FROM" | "IN"; readonly path: readonly Identifier[] } | null;
  readonly like: ShowFilter | null;
}

export interface ShowCreate extends Node {
  readonly kind: "showCreate";
  readonly what: "TABLE" | "VIEW" | "CATALOG" | "MODEL" | "CONNECTION" | "MATERIALIZED TABLE" | "OR ALTER MATERIALIZED TABLE";
  readonly path: readonly Identifier[];
}

export interface ShowPartitions extends Node {
  readonly kind: "showPartitions";
  readonly path: readonly Identifier[];
  readonly partition: readonly PartitionValue[];
}

export interface DescribeStatement extends Node {
  readonly kind: "describe";
  readonly what: "TABLE" | "CATALOG" | "DATABASE" | "FUNCTION" | "MODEL" | "CONNECTION";
  readonly extended: boolean;
  readonly path: readonly Identifier[];
}

/** `DESCRIBE TABLE t [column]`: Calcite's spelling, which Flink's parser takes and nothing behind it does. */
export interface DescribeTable extends Node {
  readonly kind: "describeTable";
  readonly path: readonly Identifier[];
  readonly column: Identifier | null;
}

/** `DESCRIBE [STATEMENT] query`: Calcite's, likewise. */
export interface DescribeQuery extends Node {
  readonly kind: "describeStatement";
  readonly statement: QueryStatement | InsertInto | UpdateStatement | DeleteStatement | MergeStatement;
}

export interface DescribeJob extends Node {
  readonly kind: "describeJob";
  readonly job: string;
}

export type ExplainDetail = "ESTIMATED_COST" | "CHANGELOG_MODE" | "JSON_EXECUTION_PLAN" | "PLAN_ADVICE";

export interface ExplainStatement extends Node {
  readonly kind: "explain";
  readonly details: readonly ExplainDetail[];
  readonly statement: QueryStatement | InsertInto | StatementSet | ExecuteStatement | CreateTable | CreateMaterializedTable | CreateView;
}
