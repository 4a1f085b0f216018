/** What stands inside CREATE TABLE and ALTER TABLE: columns, watermark, constraints, options. */
import type { Expr } from "./expressions.ts";
import type { Identifier, Node } from "./node.ts";
import type { Query } from "./queries.ts";
import type { TypeNode } from "./type.ts";

export type ColumnNode = Node & {
  readonly name: Identifier;
  /** More than one part names a field inside a row (ALTER TABLE … ADD outer.inner INT). */
  readonly path: readonly Identifier[];
  readonly comment: string | null;
} & (
    | { readonly kind: "physical"; readonly type: TypeNode; readonly primaryKey: boolean; readonly constraint: ConstraintNode | null }
    | { readonly kind: "computed"; readonly expr: Expr }
    | { readonly kind: "metadata"; readonly type: TypeNode; readonly from: string | null; readonly virtual: boolean }
  );

export interface WatermarkNode extends Node {
  /** The last part of `path`. */
  readonly column: Identifier;
  readonly path: readonly Identifier[];
  readonly expr: Expr;
}

export interface ConstraintNode extends Node {
  /** Behind CONSTRAINT. */
  readonly name: Identifier | null;
  readonly kind: "PRIMARY KEY" | "UNIQUE";
  readonly columns: readonly Identifier[];
  /** null = neither ENFORCED nor NOT ENFORCED was written. */
  readonly enforced: boolean | null;
}

export interface TableOption extends Node {
  readonly key: string;
  readonly value: string;
  readonly keySpan: Node["span"];
  readonly valueSpan: Node["span"];
}

export interface OptionKey extends Node {
  readonly key: string;
}

/** DISTRIBUTED BY HASH (a, b) INTO 4 BUCKETS. */
export interface DistributionNode extends Node {
  readonly method: "HASH" | "RANGE" | null;
  readonly columns: readonly Identifier[];
  readonly buckets: number | null;
}

export interface TableLike extends Node {
  readonly path: readonly Identifier[];
  readonly options: readonly TableLikeOption[];
}

export interface TableLikeOption extends Node {
  readonly merging: "INCLUDING" | "EXCLUDING" | "OVERWRITING";
  readonly feature: "ALL" | "CONSTRAINTS" | "DISTRIBUTION" | "GENERATED" | "METADATA" | "OPTIONS" | "PARTITIONS" | "WATERMARKS";
}

/** `p = '10'`, or `p` alone where a value may be missing. */
export interface PartitionValue extends Node {
  readonly column: Identifier;
  readonly value: Expr | null;
}

/** What the parentheses of CREATE TABLE hold. */
export interface TableSchemaNode {
  readonly columns: readonly ColumnNode[];
  readonly watermark: WatermarkNode | null;
  /** Of a table constraint or of a column with PRIMARY KEY; empty = none. */
  readonly primaryKey: readonly Identifier[];
  /** All constraints, those of columns too. */
  readonly constraints: readonly ConstraintNode[];
  /** CREATE TABLE t (a, b) AS SELECT: names alone put the query's columns in order; otherwise empty. */
  readonly columnOrder: readonly Identifier[];
}

/** Columns, and what follows them in CREATE TABLE. */
export interface TableDefinition extends TableSchemaNode {
  readonly comment: string | null;
  readonly distribution: DistributionNode | null;
  readonly partitionedBy: readonly Identifier[];
  readonly options: readonly TableOption[];
}

export interface CreateTable extends Node, TableDefinition {
  readonly kind: "createTable";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  /** CREATE OR REPLACE TABLE, REPLACE TABLE; only with AS. */
  readonly replace: "createOrReplace" | "replace" | null;
  readonly path: readonly Identifier[];
  readonly like: TableLike | null;
  /** CREATE TABLE … AS. */
  readonly query: Query | null;
}

export interface CreateMaterializedTable extends Node, TableDefinition {
  readonly kind: "createMaterializedTable";
  /** CREATE OR ALTER. */
  readonly orAlter: boolean;
  readonly path: readonly Identifier[];
  readonly startMode: StartMode | null;
  readonly freshness: Expr | null;
  readonly refreshMode: "FULL" | "CONTINUOUS" | null;
  readonly query: Query;
}

export interface StartMode {
  readonly mode:
    | "FROM_BEGINNING"
    | "FROM_NOW"
    | "FROM_TIMESTAMP"
    | "RESUME_OR_FROM_BEGINNING"
    | "RESUME_OR_FROM_NOW"
    | "RESUME_OR_FROM_TIMESTAMP";
  /** An interval for …NOW, a timestamp for …TIMESTAMP. */
  readonly argument: Expr | null;
}

export interface CreateView extends Node {
  readonly kind: "createView";
  readonly temporary: boolean;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly path: readonly Identifier[];
  readonly columns: readonly Identifier[];
  readonly comment: string | null;
  readonly query: Query;
}
