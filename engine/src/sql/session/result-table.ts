/** The nameless sink of a query: takes every change, and anything may be NULL there, so that nothing stands between the query and whoever looks at it. */
import type { LogicalType } from "../../types/logical-type.ts";
import { type CatalogTable, type TableColumn, tableName } from "../catalog/catalog.ts";
import { defaultPath } from "../catalog/object-path.ts";

export function resultTable(columns: readonly { readonly name: string; readonly type: LogicalType }[], name = ""): CatalogTable {
  return {
    kind: "table",
    path: defaultPath([name]),
    name,
    temporary: true,
    columns: columns.map(
      (column): TableColumn => ({
        name: column.name,
        type: { ...column.type, nullable: true },
        kind: "physical",
        expr: null,
        metadataKey: null,
        persisted: true,
      }),
    ),
    watermark: null,
    primaryKey: [],
    partitionKeys: [],
    changelogMode: "retract",
    sinkMode: "all",
    options: new Map(),
    given: true,
    definition: {
      columns: [],
      watermark: null,
      primaryKey: null,
      distribution: null,
      partitionKeys: [],
      comment: null,
      options: new Map(),
    },
  };
}

/** Under which name the values store keeps the result. */
export function resultName(table: CatalogTable): string {
  return tableName(table);
}
