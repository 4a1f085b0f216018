/** ALTER TABLE … ADD and DROP PARTITION: what the catalog lists. Directories of files come with the rows that are written, and are not looked at. */
import type { AlterTable, AlterTableAction, PartitionValue } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { Catalog, CatalogTable } from "../catalog/catalog.ts";
import { pathText } from "../catalog/object-path.ts";

type PartitionAction = Extract<AlterTableAction, { kind: "addPartitions" | "dropPartitions" }>;

export function alterPartitions(table: CatalogTable, node: AlterTable, action: PartitionAction, catalog: Catalog): void {
  const { path, partitionKeys } = table;
  const where = `table ${path.database}.${path.name} in catalog ${path.catalog}`;
  const refuse = (message: string): SqlError => new SqlError("plan", "SQL_PARTITION", message, node.span);
  const specs = action.kind === "addPartitions" ? action.partitions.map(({ spec }) => spec) : action.partitions;
  if (partitionKeys.length === 0) throw refuse(`T${where.slice(1)} is not partitioned.`);
  let known = catalog.partitions.get(pathText(path)) ?? [];
  for (const spec of specs) {
    const values = new Map(spec.map((part) => [part.column.name, valueText(part)]));
    const text = `CatalogPartitionSpec{{${[...values].map(([key, value]) => `${key}=${value}`).join(", ")}}}`;
    if (values.size !== partitionKeys.length || !partitionKeys.every((key) => values.has(key)))
      throw refuse(`PartitionSpec ${text} does not match partition keys [${partitionKeys.join(", ")}] of ${where}.`);
    const name = partitionKeys.map((key) => `${key}=${values.get(key)}`).join("/");
    const isThere = known.includes(name);
    if (action.kind === "addPartitions") {
      if (isThere && !action.ifNotExists) throw refuse(`Partition ${text} of ${where} already exists.`);
      if (!isThere) known = [...known, name];
    } else {
      if (!isThere && !action.ifExists) throw refuse(`Partition ${text} of ${where} does not exist.`);
      known = known.filter((other) => other !== name);
    }
  }
  catalog.partitions.set(pathText(path), known);
}

/** Those of the table that have the given values. */
export function partitionsOf(table: CatalogTable, given: readonly PartitionValue[], catalog: Catalog): string[] {
  const wanted = given.map((part) => `${part.column.name}=${valueText(part)}`);
  return [...(catalog.partitions.get(pathText(table.path)) ?? [])].filter((name) => wanted.every((part) => name.split("/").includes(part)));
}

function valueText({ value }: PartitionValue): string {
  if (value === null) return "";
  return value.kind === "literal" ? value.text : "";
}
