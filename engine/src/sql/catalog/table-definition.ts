/**
 * A table as it was declared: types, expressions as written, constraints. It is what LIKE copies from, ALTER TABLE changes and SHOW CREATE TABLE
 * prints; binding it (2-analyze/bind-table-ddl.ts) gives the `CatalogTable` that queries use.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import type { Expr, TableOption } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";

export type ColumnDefinition =
  | { readonly kind: "physical"; readonly name: string; readonly type: LogicalType; readonly comment: string | null; readonly span: Span }
  | { readonly kind: "computed"; readonly name: string; readonly expr: Expr; readonly comment: string | null; readonly span: Span }
  | {
      readonly kind: "metadata";
      readonly name: string;
      readonly type: LogicalType;
      /** FROM 'key'; null = the column's own name. */
      readonly from: string | null;
      readonly virtual: boolean;
      readonly comment: string | null;
      readonly span: Span;
    };

export interface WatermarkDefinition {
  readonly column: string;
  readonly expr: Expr;
  readonly span: Span;
}

export interface PrimaryKeyDefinition {
  /** null = made of the columns: `PK_a_b`. */
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly span: Span;
}

export interface DistributionDefinition {
  readonly kind: "HASH" | "RANGE" | null;
  readonly buckets: number | null;
  readonly columns: readonly string[];
}

export interface TableDefinition {
  readonly columns: readonly ColumnDefinition[];
  readonly watermark: WatermarkDefinition | null;
  readonly primaryKey: PrimaryKeyDefinition | null;
  readonly distribution: DistributionDefinition | null;
  readonly partitionKeys: readonly string[];
  readonly comment: string | null;
  readonly options: ReadonlyMap<string, TableOption>;
}
