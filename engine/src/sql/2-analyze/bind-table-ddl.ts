/** CREATE TABLE to a catalog entry: types, computed columns, watermark, primary key. */
import { typeName, withNullable } from "../../types/logical-type.ts";
import type { CreateTable } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { CatalogTable, TableColumn } from "../catalog/catalog.ts";
import { nameHint } from "../../base/nearest.ts";
import { ExpressionBinder } from "./bind-expression.ts";
import { Scope } from "./scope.ts";
import { typeOfNode } from "./type-rules.ts";

export function bindCreateTable(node: CreateTable, given: boolean): CatalogTable {
  const name = node.path[node.path.length - 1].name;
  const columns: TableColumn[] = [];
  for (const column of node.columns) {
    if (columns.some((other) => other.name === column.name.name)) {
      throw new SqlError("validate", "SQL_DUPLICATE_COLUMN", `Column '${column.name.name}' is declared twice.`, column.name.span);
    }
    switch (column.kind) {
      case "physical":
        columns.push({
          name: column.name.name,
          type: typeOfNode(column.type),
          kind: "physical",
          expr: null,
          metadataKey: null,
          persisted: true,
        });
        break;
      case "metadata":
        columns.push({
          name: column.name.name,
          type: typeOfNode(column.type),
          kind: "metadata",
          expr: null,
          metadataKey: column.from ?? column.name.name,
          persisted: !column.virtual,
        });
        break;
      case "computed":
        columns.push(placeholder(column.name.name));
        break;
    }
  }
  // Computed columns may use every column that is not computed itself, before or after them.
  const base = columns
    .map((column, index) => ({ name: column.name, type: column.type, index }))
    .filter(({ index }) => columns[index].kind !== "computed");
  const binder = new ExpressionBinder(new Scope([{ alias: name, columns: base }]));
  node.columns.forEach((column, i) => {
    if (column.kind !== "computed") return;
    const expr = binder.bind(column.expr);
    columns[i] = { ...columns[i], type: expr.type, expr };
  });
  for (const constraint of node.constraints) checkConstraint(constraint);
  const keys = node.primaryKey.map((key) => {
    const index = columns.findIndex((column) => column.name === key.name);
    if (index < 0) throw unknownColumn(key.name, key.span, columns);
    columns[index] = { ...columns[index], type: withNullable(columns[index].type, false) };
    return index;
  });
  const options = new Map(node.options.map((option) => [option.key, option]));
  return {
    kind: "table",
    name,
    columns,
    watermark: bindWatermark(node, columns),
    primaryKey: keys,
    changelogMode: "insert",
    options,
    given,
  };
}

function checkConstraint({ kind, enforced, span }: CreateTable["constraints"][number]): void {
  if (kind === "UNIQUE") throw new SqlError("validate", "SQL_UNIQUE", "UNIQUE constraints are not supported.", span, { found: "UNIQUE" });
  if (enforced === false) return;
  throw new SqlError("validate", "SQL_ENFORCED", "A primary key is always NOT ENFORCED, and that has to be written.", span, {
    expected: "NOT ENFORCED",
    hint: "Flink never checks a primary key and wants that written: PRIMARY KEY (id) NOT ENFORCED.",
  });
}

function placeholder(name: string): TableColumn {
  return { name, type: { root: "NULL", nullable: true }, kind: "computed", expr: null, metadataKey: null, persisted: false };
}

function unknownColumn(name: string, span: CreateTable["span"], columns: readonly TableColumn[]): SqlError {
  const known = columns.map((column) => column.name);
  return new SqlError("validate", "SQL_UNKNOWN_COLUMN", `The table has no column '${name}'.`, span, {
    found: name,
    hint: nameHint(name, known, "columns"),
  });
}

function bindWatermark(node: CreateTable, columns: TableColumn[]): CatalogTable["watermark"] {
  if (node.watermark === null) return null;
  const { column, expr } = node.watermark;
  const index = columns.findIndex((candidate) => candidate.name === column.name);
  if (index < 0) throw unknownColumn(column.name, column.span, columns);
  const { type } = columns[index];
  if ((type.root !== "TIMESTAMP" && type.root !== "TIMESTAMP_LTZ") || type.precision! > 3) {
    throw new SqlError(
      "validate",
      "SQL_ROWTIME_TYPE",
      `Invalid data type of time field for watermark definition: ${typeName(type)}.`,
      column.span,
      {
        found: typeName(type),
        expected: "TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p up to 3",
        hint: "Add a computed column: ts AS TO_TIMESTAMP_LTZ(epoch_ms, 3).",
      },
    );
  }
  const all = columns.map((candidate, i) => ({ name: candidate.name, type: candidate.type, index: i }));
  const watermark = new ExpressionBinder(new Scope([{ alias: null, columns: all }])).bind(expr);
  if (watermark.type.root !== type.root) {
    throw new SqlError(
      "validate",
      "SQL_WATERMARK_TYPE",
      `The watermark must be of the type of '${column.name}', but is ${typeName(watermark.type)}.`,
      expr.span,
      {
        found: typeName(watermark.type),
        expected: typeName(type),
      },
    );
  }
  columns[index] = { ...columns[index], type: { ...type, timeAttribute: "ROWTIME" } };
  return { column: index, expr: watermark };
}
