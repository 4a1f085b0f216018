/** CREATE TABLE: columns of three kinds, watermark, primary key, options. */
import type { ColumnNode, CreateTable, Identifier, TableOption, WatermarkNode } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./expression.ts";
import { SqlError } from "./sql-error.ts";
import { parseType } from "./type.ts";

/** Behind CREATE [TEMPORARY] TABLE. */
export function parseCreateTable(cursor: Cursor, start: { start: number }, temporary: boolean): CreateTable {
  const ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
  const path = cursor.path("the table's name");
  const columns: ColumnNode[] = [];
  let watermark: WatermarkNode | null = null;
  let primaryKey: Identifier[] = [];
  cursor.expect("(", "before the columns");
  do {
    const token = cursor.token;
    if (cursor.is("WATERMARK", "FOR")) {
      cursor.next();
      cursor.next();
      const column = cursor.identifier("the time column");
      cursor.expect("AS");
      const expr = parseExpression(cursor);
      const span = cursor.spanFrom(token);
      if (watermark !== null) throw new SqlError("parse", "SQL_SECOND_WATERMARK", "A table has one WATERMARK only.", span);
      watermark = { column, expr, span };
    } else if (cursor.is("PRIMARY", "KEY") || cursor.is("CONSTRAINT")) {
      if (cursor.accept("CONSTRAINT")) cursor.identifier("the constraint's name");
      cursor.expect("PRIMARY");
      cursor.expect("KEY");
      primaryKey = cursor.identifierList();
      expectNotEnforced(cursor);
    } else {
      columns.push(parseColumn(cursor));
    }
  } while (cursor.accept(","));
  cursor.expect(")", "after the columns");
  if (cursor.accept("COMMENT")) cursor.string("the comment in quotes");
  if (cursor.accept("PARTITIONED")) {
    cursor.expect("BY");
    cursor.identifierList();
  }
  const options = cursor.accept("WITH") ? parseOptions(cursor) : [];
  const inline = columns.find((column) => column.kind === "physical" && column.primaryKey);
  if (inline !== undefined && primaryKey.length === 0) primaryKey = [inline.name];
  const span = { start: start.start, end: cursor.previous.end };
  return { kind: "createTable", temporary, ifNotExists, path, columns, watermark, primaryKey, options, span };
}

function expectNotEnforced(cursor: Cursor): void {
  if (cursor.accept("NOT", "ENFORCED")) return;
  throw cursor.unexpected(
    "NOT ENFORCED",
    "after PRIMARY KEY",
    "Flink never checks a primary key and wants that written: PRIMARY KEY (id) NOT ENFORCED.",
  );
}

function parseColumn(cursor: Cursor): ColumnNode {
  const name = cursor.identifier("a column name");
  if (cursor.accept("AS")) {
    const expr = parseExpression(cursor);
    skipComment(cursor);
    return { kind: "computed", name, expr, span: cursor.spanFrom(name.span) };
  }
  const type = parseType(cursor);
  if (cursor.accept("METADATA")) {
    const from = cursor.accept("FROM") ? cursor.string("the metadata key in quotes").text : null;
    const virtual = cursor.accept("VIRTUAL");
    skipComment(cursor);
    return { kind: "metadata", name, type, from, virtual, span: cursor.spanFrom(name.span) };
  }
  let primaryKey = false;
  if (cursor.accept("PRIMARY", "KEY")) {
    expectNotEnforced(cursor);
    primaryKey = true;
  }
  skipComment(cursor);
  return { kind: "physical", name, type, primaryKey, span: cursor.spanFrom(name.span) };
}

function skipComment(cursor: Cursor): void {
  if (cursor.accept("COMMENT")) cursor.string("the comment in quotes");
}

function parseOptions(cursor: Cursor): TableOption[] {
  const options: TableOption[] = [];
  cursor.expect("(");
  do {
    const key = cursor.string("an option in quotes");
    cursor.expect("=");
    const value = cursor.string("the option's value in quotes");
    options.push({ key: key.text, value: value.text, keySpan: key, valueSpan: value, span: cursor.spanFrom(key) });
  } while (cursor.accept(","));
  cursor.expect(")");
  return options;
}
