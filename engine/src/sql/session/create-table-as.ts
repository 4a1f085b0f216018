/** CREATE TABLE … AS SELECT: the columns of the table, and the INSERT that fills it. (Flink: `MergeTableAsUtil`) */
import { typeName, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { CreateTable, Identifier, InsertInto, Query } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { RelColumn } from "../2-analyze/rel.ts";
import type { ColumnDefinition } from "../catalog/table-definition.ts";
import { nameHint } from "../../base/nearest.ts";

/** Columns of the statement that the query has too change that column's type; the others come first. Names alone put the query's columns in order. */
export function columnsAs(
  own: readonly ColumnDefinition[],
  order: readonly Identifier[],
  query: readonly RelColumn[],
  span: Span,
): ColumnDefinition[] {
  const names = distinctNames(query);
  const columns = query.map(({ type }, i): ColumnDefinition => {
    const name = names[i];
    const overriding = own.find((column) => column.name === name);
    if (overriding === undefined) return { kind: "physical", name, type: withoutTimeAttribute(type), comment: null, span };
    if (overriding.kind === "physical") return overriding;
    throw new SqlError(
      "validate",
      "SQL_CTAS",
      `A column named '${name}' already exists in the source schema. ${overriding.kind === "computed" ? "Computed" : "Metadata"} columns cannot overwrite columns from source.`,
      overriding.span,
      { found: name, expected: `${name} ${typeName(type)}` },
    );
  });
  if (order.length > 0) return ordered(columns, order);
  return [...own.filter(({ name }) => !names.includes(name)), ...columns];
}

/** A name that comes again gets a number behind it: `id`, `id0`, `id1`. */
export function distinctNames(columns: readonly RelColumn[]): string[] {
  const names: string[] = [];
  for (const { name } of columns) {
    let distinct = name;
    for (let i = 0; names.includes(distinct); i++) distinct = `${name}${i}`;
    names.push(distinct);
  }
  return names;
}

function ordered(columns: readonly ColumnDefinition[], order: readonly Identifier[]): ColumnDefinition[] {
  if (order.length !== columns.length) {
    throw new SqlError(
      "validate",
      "SQL_CTAS",
      "The number of columns in the column list must match the number of columns in the source schema.",
      order[0].span,
      { found: String(order.length), expected: String(columns.length) },
    );
  }
  return order.map(({ name, span }) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column !== undefined) return column;
    throw new SqlError("validate", "SQL_CTAS", `Column '${name}' not found in the source schema.`, span, {
      found: name,
      hint: nameHint(
        name,
        columns.map((candidate) => candidate.name),
        "columns",
      ),
    });
  });
}

export function insertAs(node: CreateTable, query: Query, columns: readonly RelColumn[]): InsertInto {
  const { span } = query;
  return {
    kind: "insert",
    overwrite: false,
    upsert: false,
    path: node.path,
    hints: [],
    partition: [],
    columns: distinctNames(columns).map((name) => ({ name, span })),
    query,
    onConflict: null,
    span: node.span,
  };
}
