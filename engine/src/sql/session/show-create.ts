/** SHOW CREATE in Flink's layout: every name in backticks, options by key. */
import { isTimestamp, type LogicalType, MAX_LENGTH, typeName } from "../../types/logical-type.ts";
import type { Query } from "../1-parse/ast.ts";
import { printQuery } from "../1-parse/print.ts";
import type { Catalog, CatalogEntry, CatalogTable, CatalogView } from "../catalog/catalog.ts";
import { quotedPath } from "../catalog/object-path.ts";
import { expandedQuery, expressionText } from "./expanded-query.ts";
import type { ColumnDefinition, TableDefinition } from "../catalog/table-definition.ts";

export function showCreateTable(table: CatalogTable): string {
  const { definition } = table;
  const lines = definition.columns.map(columnText);
  const { watermark, primaryKey } = definition;
  if (watermark !== null) lines.push(`WATERMARK FOR ${quoted(watermark.column)} AS ${expressionText(watermark.expr)}`);
  if (primaryKey !== null) {
    const name = primaryKey.name ?? `PK_${primaryKey.columns.join("_")}`;
    lines.push(`CONSTRAINT ${quoted(name)} PRIMARY KEY (${primaryKey.columns.map(quoted).join(", ")}) NOT ENFORCED`);
  }
  return [
    `CREATE ${table.temporary ? "TEMPORARY " : ""}TABLE ${quotedPath(table.path)} (`,
    `${lines.map((line) => `  ${line}`).join(",\n")}\n)`,
    ...clauses(definition),
    "",
  ].join("\n");
}

function clauses({ comment, distribution, partitionKeys, options }: TableDefinition): string[] {
  const parts: string[] = [];
  if (comment !== null) parts.push(`COMMENT ${text(comment)}`);
  if (distribution !== null) {
    const by = distribution.columns.length === 0 ? "" : ` BY ${distribution.kind ?? ""}(${distribution.columns.map(quoted).join(", ")})`;
    parts.push(`DISTRIBUTED${by}${distribution.buckets === null ? "" : ` INTO ${distribution.buckets} BUCKETS`}`);
  }
  if (partitionKeys.length > 0) parts.push(`PARTITIONED BY (${partitionKeys.map(quoted).join(", ")})`);
  if (options.size > 0) {
    const keys = [...options.keys()].sort();
    parts.push(`WITH (\n${keys.map((key) => `  ${text(key)} = ${text(options.get(key)!.value)}`).join(",\n")}\n)`);
  }
  return parts;
}

function columnText(column: ColumnDefinition): string {
  const comment = column.comment === null ? "" : ` COMMENT ${text(column.comment)}`;
  return `${quoted(column.name)} ${columnKindText(column)}${comment}`;
}

function columnKindText(column: ColumnDefinition): string {
  switch (column.kind) {
    case "physical":
      return serializableType(column.type);
    case "computed":
      return `AS ${expressionText(column.expr)}`;
    case "metadata":
      return `${serializableType(column.type)} ${metadataText(column)}`;
  }
}

export function metadataText({ from, virtual }: Extract<ColumnDefinition, { kind: "metadata" }>): string {
  return `METADATA${from === null ? "" : ` FROM ${text(from)}`}${virtual ? " VIRTUAL" : ""}`;
}

export function showCreateView({ path, temporary, comment, columns, query }: CatalogView, catalog: Catalog): string {
  const names = columns.length === 0 ? "" : ` (\n${columns.map(({ name }) => `  ${quoted(name)}`).join(",\n")}\n)`;
  const comments = comment === null ? "" : `\nCOMMENT ${text(comment)}`;
  return `CREATE ${temporary ? "TEMPORARY " : ""}VIEW ${quotedPath(path)}${names}${comments}\nAS ${expandedQuery(query, catalog.within(path)) ?? withQuotedNames(query)}\n`;
}

export function showCreateCatalog({ name, comment, options }: CatalogEntry): string {
  const pairs = [...options].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `  ${text(key)} = ${text(value)}`);
  return `CREATE CATALOG ${quoted(name)}\n${comment === null ? "" : `COMMENT ${text(comment)}\n`}WITH (\n${pairs.join(",\n")}\n)\n`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

const MARK = "\u0001";

/** A mark in a name makes the printer put it into backticks, and is taken out again. */
function withQuotedNames(query: Query): string {
  const mark = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(mark);
    if (typeof node !== "object" || node === null) return node;
    const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mark(value)]));
    if (copy.kind === "name") copy.parts = (copy.parts as { name: string }[]).map((part) => ({ ...part, name: part.name + MARK }));
    return copy;
  };
  return printQuery(mark(query) as Query).replaceAll(MARK, "");
}

/** The type as SQL that can be read again (Flink: `LogicalType.asSerializableString`). */
export function serializableType(type: LogicalType): string {
  return `${serializableName(type)}${type.nullable ? "" : " NOT NULL"}`;
}

function serializableName(type: LogicalType): string {
  switch (type.root) {
    case "VARCHAR":
      return `VARCHAR(${type.length ?? MAX_LENGTH})`;
    case "ARRAY":
    case "MULTISET":
      return `${type.root}<${serializableType(type.element!)}>`;
    case "MAP":
      return `MAP<${serializableType(type.key!)}, ${serializableType(type.value!)}>`;
    case "ROW":
      return `ROW<${type.fields!.map((field) => `${quoted(field.name)} ${serializableType(field.type)}`).join(", ")}>`;
    default:
      if (isTimestamp(type) && type.root === "TIMESTAMP_LTZ") return `TIMESTAMP(${type.precision}) WITH LOCAL TIME ZONE`;
      return typeName(type);
  }
}
