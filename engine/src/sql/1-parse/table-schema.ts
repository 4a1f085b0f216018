/** Columns, watermark and constraints: what the parentheses of CREATE TABLE hold, and what ALTER TABLE adds. */
import type { ColumnNode, ConstraintNode, DistributionNode, Identifier, TableSchemaNode, WatermarkNode } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseNonQueryExpression } from "./expression.ts";
import { parseStringLiteral } from "./literal.ts";
import { acceptComment } from "./options.ts";
import { SqlError } from "./sql-error.ts";
import { parseType } from "./type.ts";

/** Columns and what is declared beside them, as they are met. */
export class SchemaBuilder {
  readonly columns: ColumnNode[] = [];
  readonly constraints: ConstraintNode[] = [];
  watermark: WatermarkNode | null = null;

  addColumn(column: ColumnNode): void {
    this.columns.push(column);
    if (column.kind === "physical" && column.constraint !== null) this.constraints.push(column.constraint);
  }

  schema(columnOrder: readonly Identifier[] = []): TableSchemaNode {
    const primaryKey = this.constraints.find(({ kind }) => kind === "PRIMARY KEY")?.columns ?? [];
    return { columns: this.columns, watermark: this.watermark, primaryKey, constraints: this.constraints, columnOrder };
  }
}

const COLUMN_ENDS = new Set([","]);

/** `(columns, constraints, watermark)`, or names alone; nothing when no bracket opens. */
export function acceptTableSchema(cursor: Cursor): TableSchemaNode {
  const builder = new SchemaBuilder();
  if (!cursor.accept("(")) return builder.schema();
  if (cursor.isIdentifier() && (cursor.peek().upper === "," || cursor.peek().upper === ")")) {
    const names = [cursor.identifier("a column name")];
    while (cursor.accept(",")) names.push(parseOrderedName(cursor));
    cursor.expect(")", "after the columns");
    return builder.schema(names);
  }
  do parseElementOrSkip(cursor, builder);
  while (cursor.accept(","));
  cursor.expect(")", "after the columns");
  return builder.schema();
}

/** One element; after a mistake in it, notes that and stands at the next comma. */
function parseElementOrSkip(cursor: Cursor, builder: SchemaBuilder): void {
  try {
    parseTableElement(cursor, builder);
    if (!cursor.is(",") && !cursor.is(")")) throw cursor.unexpected(", or )", "after a column");
  } catch (error) {
    if (!(error instanceof SqlError) || error.code === "SQL_TOO_DEEP") throw error;
    const mark = cursor.mark();
    const found = cursor.skipTo(COLUMN_ENDS) || cursor.is(")");
    const resume = cursor.mark();
    cursor.reset(mark);
    if (!found) throw error;
    cursor.recover(error, resume);
  }
}

function parseOrderedName(cursor: Cursor): Identifier {
  const path = cursor.path("a column name");
  return path.length === 1 ? path[0] : joined(cursor, path);
}

/** A name of several parts as one, where only single names mean anything. */
export function joined(cursor: Cursor, path: readonly Identifier[]): Identifier {
  return { name: path.map(({ name }) => name).join("."), span: cursor.spanFrom(path[0].span) };
}

export function parseTableElement(cursor: Cursor, builder: SchemaBuilder): void {
  if (cursor.is("WATERMARK")) parseWatermark(cursor, builder);
  else if (cursor.is("PRIMARY") || cursor.is("UNIQUE") || cursor.is("CONSTRAINT")) builder.constraints.push(parseTableConstraint(cursor));
  else builder.addColumn(parseColumn(cursor));
}

export function parseWatermark(cursor: Cursor, builder: SchemaBuilder): void {
  const start = cursor.expect("WATERMARK");
  cursor.expect("FOR", "after WATERMARK");
  const path = cursor.path("the time column");
  cursor.expect("AS", "in WATERMARK");
  const expr = parseNonQueryExpression(cursor);
  const span = cursor.spanFrom(start);
  if (builder.watermark !== null) throw new SqlError("parse", "SQL_SECOND_WATERMARK", "A table has one WATERMARK only.", span);
  builder.watermark = { column: path[path.length - 1], path, expr, span };
}

/** `[CONSTRAINT c] PRIMARY KEY (a, b) NOT ENFORCED`. */
export function parseTableConstraint(cursor: Cursor): ConstraintNode {
  const start = cursor.token;
  const name = cursor.accept("CONSTRAINT") ? cursor.identifier("the constraint's name") : null;
  const kind = parseConstraintKind(cursor);
  const columns = cursor.identifierList();
  const enforced = acceptEnforcement(cursor);
  return { name, kind, columns, enforced, span: cursor.spanFrom(start) };
}

function parseConstraintKind(cursor: Cursor): ConstraintNode["kind"] {
  if (cursor.accept("UNIQUE")) return "UNIQUE";
  cursor.expect("PRIMARY", "or UNIQUE");
  cursor.expect("KEY", "after PRIMARY");
  return "PRIMARY KEY";
}

function acceptEnforcement(cursor: Cursor): boolean | null {
  if (cursor.accept("NOT", "ENFORCED")) return false;
  return cursor.accept("ENFORCED") ? true : null;
}

export function parseColumn(cursor: Cursor): ColumnNode {
  const path = cursor.path("a column name");
  const start = path[0].span;
  const name = path[path.length - 1];
  if (path.length === 1 && cursor.accept("AS")) {
    const expr = parseNonQueryExpression(cursor);
    const comment = acceptComment(cursor);
    return { kind: "computed", name, path, expr, comment, span: cursor.spanFrom(start) };
  }
  const type = parseType(cursor);
  if (cursor.accept("METADATA")) {
    const from = cursor.accept("FROM") ? parseStringLiteral(cursor, "the metadata key in quotes").text : null;
    const virtual = cursor.accept("VIRTUAL");
    const comment = acceptComment(cursor);
    return { kind: "metadata", name, path, type, from, virtual, comment, span: cursor.spanFrom(start) };
  }
  const constraint = acceptColumnConstraint(cursor, name);
  const comment = acceptComment(cursor);
  const primaryKey = constraint?.kind === "PRIMARY KEY";
  return { kind: "physical", name, path, type, primaryKey, constraint, comment, span: cursor.spanFrom(start) };
}

function acceptColumnConstraint(cursor: Cursor, column: Identifier): ConstraintNode | null {
  if (!cursor.is("CONSTRAINT") && !cursor.is("PRIMARY") && !cursor.is("UNIQUE")) return null;
  const start = cursor.token;
  const name = cursor.accept("CONSTRAINT") ? cursor.identifier("the constraint's name") : null;
  const kind = parseConstraintKind(cursor);
  const enforced = acceptEnforcement(cursor);
  return { name, kind, columns: [column], enforced, span: cursor.spanFrom(start) };
}

/** Behind DISTRIBUTED or DISTRIBUTION: `BY HASH (a) INTO 4 BUCKETS`, `INTO 4 BUCKETS`. */
export function parseDistribution(cursor: Cursor): DistributionNode {
  const start = cursor.token;
  if (cursor.is("INTO")) {
    const buckets = acceptBuckets(cursor);
    return { method: null, columns: [], buckets, span: cursor.spanFrom(start) };
  }
  cursor.expect("BY", "or INTO");
  const method = cursor.acceptOneOf(["HASH", "RANGE"]);
  const columns = cursor.identifierList();
  const buckets = acceptBuckets(cursor);
  return { method, columns, buckets, span: cursor.spanFrom(start) };
}

function acceptBuckets(cursor: Cursor): number | null {
  if (!cursor.accept("INTO")) return null;
  const { token } = cursor;
  if (token.kind === "decimal" || token.kind === "double") {
    throw cursor.refusal("The number of buckets is a whole number.", token, { found: token.text });
  }
  const number = cursor.acceptKind("integer");
  if (number === null) throw cursor.unexpected("a number", "after INTO");
  cursor.expect("BUCKETS", "behind the number");
  return Number(number.text);
}
