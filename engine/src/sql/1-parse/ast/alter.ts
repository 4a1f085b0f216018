/** ALTER of every kind of object. */
import type { Expr } from "./expressions.ts";
import type { Identifier, Node } from "./node.ts";
import type { FunctionLanguage } from "./objects.ts";
import type { Query } from "./queries.ts";
import type { ColumnNode, ConstraintNode, DistributionNode, OptionKey, PartitionValue, TableOption, WatermarkNode } from "./tables.ts";

/** A column with its place among the others. */
export interface PlacedColumn {
  readonly column: ColumnNode;
  /** FIRST, AFTER a column; null = at the end (ADD) or where it was (MODIFY). */
  readonly position: "first" | { readonly after: readonly Identifier[] } | null;
}

/** What ADD and MODIFY take: columns, at most one watermark, constraints. */
export interface SchemaChange {
  readonly columns: readonly PlacedColumn[];
  readonly watermark: WatermarkNode | null;
  readonly constraints: readonly ConstraintNode[];
}

export type AlterTableAction =
  | { readonly kind: "rename"; readonly to: readonly Identifier[] }
  | { readonly kind: "renameColumn"; readonly from: readonly Identifier[]; readonly to: readonly Identifier[] }
  | { readonly kind: "set"; readonly options: readonly TableOption[] }
  | { readonly kind: "reset"; readonly keys: readonly OptionKey[] }
  | ({ readonly kind: "add" | "modify" } & SchemaChange)
  | { readonly kind: "addDistribution" | "modifyDistribution"; readonly distribution: DistributionNode }
  | {
      readonly kind: "addPartitions";
      readonly ifNotExists: boolean;
      readonly partitions: readonly { readonly spec: readonly PartitionValue[]; readonly options: readonly TableOption[] }[];
    }
  | { readonly kind: "dropPartitions"; readonly ifExists: boolean; readonly partitions: readonly (readonly PartitionValue[])[] }
  | { readonly kind: "dropColumns"; readonly columns: readonly (readonly Identifier[])[] }
  | { readonly kind: "dropPrimaryKey" }
  | { readonly kind: "dropConstraint"; readonly name: Identifier }
  | { readonly kind: "dropDistribution" }
  | { readonly kind: "dropWatermark" };

export interface AlterTable extends Node {
  readonly kind: "alterTable";
  readonly ifExists: boolean;
  readonly path: readonly Identifier[];
  readonly action: AlterTableAction;
}

export type AlterMaterializedTableAction =
  | Exclude<AlterTableAction, { kind: "rename" | "renameColumn" | "addPartitions" | "dropPartitions" }>
  | { readonly kind: "suspend" }
  | { readonly kind: "resume"; readonly options: readonly TableOption[] }
  | { readonly kind: "refresh"; readonly partition: readonly PartitionValue[] }
  | { readonly kind: "setFreshness"; readonly freshness: Expr }
  | { readonly kind: "setRefreshMode"; readonly mode: "FULL" | "CONTINUOUS" }
  | { readonly kind: "as"; readonly query: Query };

export interface AlterMaterializedTable extends Node {
  readonly kind: "alterMaterializedTable";
  readonly path: readonly Identifier[];
  readonly action: AlterMaterializedTableAction;
}

export interface AlterView extends Node {
  readonly kind: "alterView";
  readonly path: readonly Identifier[];
  readonly action: { readonly kind: "rename"; readonly to: readonly Identifier[] } | { readonly kind: "as"; readonly query: Query };
}

export interface AlterFunction extends Node {
  readonly kind: "alterFunction";
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly path: readonly Identifier[];
  readonly className: string;
  readonly language: FunctionLanguage | null;
}

export interface AlterCatalog extends Node {
  readonly kind: "alterCatalog";
  readonly name: Identifier;
  readonly action:
    | { readonly kind: "set"; readonly options: readonly TableOption[] }
    | { readonly kind: "reset"; readonly keys: readonly OptionKey[] }
    | { readonly kind: "comment"; readonly comment: string };
}

export interface AlterDatabase extends Node {
  readonly kind: "alterDatabase";
  readonly path: readonly Identifier[];
  readonly options: readonly TableOption[];
}

/** ALTER MODEL and ALTER CONNECTION. */
export interface AlterModel extends Node {
  readonly kind: "alterModel" | "alterConnection";
  readonly ifExists: boolean;
  readonly path: readonly Identifier[];
  readonly action: Extract<AlterTableAction, { kind: "rename" | "set" | "reset" }>;
}

/** ALTER SYSTEM | SESSION SET x = y: Calcite's, without meaning in Flink. */
export interface AlterScope extends Node {
  readonly kind: "alterScope";
  readonly scope: "SYSTEM" | "SESSION";
  /** null = RESET ALL. */
  readonly path: readonly Identifier[] | null;
  /** null = RESET. */
  readonly value: Expr | null;
}
