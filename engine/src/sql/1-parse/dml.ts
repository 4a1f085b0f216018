/** INSERT, UPDATE, DELETE, MERGE, and statement sets. */
import type { DeleteStatement, Expr, Identifier, InsertInto, MergeStatement, StatementSet, UpdateStatement } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpression } from "./expression.ts";
import { parseHints } from "./hint.ts";
import { parsePartition } from "./options.ts";
import { parseOrderedQuery, parseRow } from "./query.ts";
import { parseTableRef } from "./table-ref.ts";
import { joined } from "./table-schema.ts";

/** At INSERT or UPSERT. */
export function parseInsert(cursor: Cursor): InsertInto {
  const start = cursor.token;
  const upsert = cursor.expectOneOf(["INSERT", "UPSERT"] as const) === "UPSERT";
  const into = cursor.token;
  const word = cursor.expectOneOf(["INTO", "OVERWRITE"] as const, `after ${start.upper}`);
  if (upsert && word === "OVERWRITE") throw cursor.refusal("OVERWRITE goes with INSERT only.", into, { found: "UPSERT OVERWRITE" });
  const path = cursor.path("the table to insert into");
  const hints = parseHints(cursor);
  const partition = cursor.accept("PARTITION") ? parsePartition(cursor) : [];
  const columns = cursor.is("(") && cursor.isIdentifier(cursor.peek()) ? parseTargetColumns(cursor) : [];
  const query = parseOrderedQuery(cursor);
  let onConflict: InsertInto["onConflict"] = null;
  if (cursor.accept("ON")) {
    cursor.expect("CONFLICT", "after ON");
    cursor.expect("DO", "after ON CONFLICT");
    onConflict = cursor.expectOneOf(["ERROR", "NOTHING", "DEDUPLICATE"] as const, "after DO");
  }
  const overwrite = word === "OVERWRITE";
  return { kind: "insert", overwrite, upsert, path, hints, partition, columns, query, onConflict, span: cursor.spanFrom(start) };
}

function parseTargetColumns(cursor: Cursor): Identifier[] {
  cursor.expect("(");
  const columns: Identifier[] = [];
  do {
    const path = cursor.path("a column name");
    columns.push(path.length === 1 ? path[0] : joined(cursor, path));
    if (!cursor.is(",") && !cursor.is(")"))
      throw cursor.unexpected(", or )", "behind a column", "Columns of INSERT INTO stand without types.");
  } while (cursor.accept(","));
  cursor.expect(")");
  return columns;
}

/** STATEMENT SET BEGIN insert; … END. */
export function parseStatementSet(cursor: Cursor): StatementSet {
  const start = cursor.expect("STATEMENT");
  cursor.expect("SET", "after STATEMENT");
  cursor.expect("BEGIN", "after STATEMENT SET");
  const inserts: InsertInto[] = [];
  do {
    inserts.push(parseInsert(cursor));
    cursor.expect(";", "behind an INSERT of a statement set");
  } while (!cursor.accept("END"));
  return { kind: "statementSet", inserts, span: cursor.spanFrom(start) };
}

/** At UPDATE. */
export function parseUpdate(cursor: Cursor): UpdateStatement {
  const start = cursor.expect("UPDATE");
  const path = cursor.path("the table to update");
  const hints = parseHints(cursor);
  const alias = acceptAlias(cursor);
  cursor.expect("SET", "in UPDATE");
  const assignments: { column: Identifier; value: Expr }[] = [];
  do {
    const column = cursor.identifier("a column name");
    cursor.expect("=", "behind the column");
    assignments.push({ column, value: parseExpression(cursor) });
  } while (cursor.accept(","));
  const where = cursor.accept("WHERE") ? parseExpression(cursor) : null;
  return { kind: "update", path, hints, alias, assignments, where, span: cursor.spanFrom(start) };
}

/** At DELETE. */
export function parseDelete(cursor: Cursor): DeleteStatement {
  const start = cursor.expect("DELETE");
  cursor.expect("FROM", "after DELETE");
  const path = cursor.path("the table to delete from");
  const hints = parseHints(cursor);
  const alias = acceptAlias(cursor);
  const where = cursor.accept("WHERE") ? parseExpression(cursor) : null;
  return { kind: "delete", path, hints, alias, where, span: cursor.spanFrom(start) };
}

function acceptAlias(cursor: Cursor): Identifier | null {
  return cursor.accept("AS") || cursor.isIdentifier() ? cursor.identifier("an alias") : null;
}

/** At MERGE. */
export function parseMerge(cursor: Cursor): MergeStatement {
  const start = cursor.expect("MERGE");
  cursor.expect("INTO", "after MERGE");
  const path = cursor.path("the table to merge into");
  parseHints(cursor);
  const alias = acceptAlias(cursor);
  cursor.expect("USING", "in MERGE");
  const using = parseTableRef(cursor);
  cursor.expect("ON", "in MERGE");
  const on = parseExpression(cursor);
  const matched = cursor.accept("WHEN", "MATCHED") ? parseMatched(cursor) : null;
  const notMatched = matched === null || cursor.is("WHEN") ? parseNotMatched(cursor) : null;
  return { kind: "merge", path, alias, using, on, matched, notMatched, span: cursor.spanFrom(start) };
}

function parseMatched(cursor: Cursor): NonNullable<MergeStatement["matched"]> {
  cursor.expect("THEN");
  cursor.expect("UPDATE");
  cursor.expect("SET");
  const assignments: { column: Identifier[]; value: Expr }[] = [];
  do {
    const column = cursor.path("a column name");
    cursor.expect("=", "behind the column");
    assignments.push({ column, value: parseExpression(cursor) });
  } while (cursor.accept(","));
  return assignments;
}

function parseNotMatched(cursor: Cursor): NonNullable<MergeStatement["notMatched"]> {
  for (const word of ["WHEN", "NOT", "MATCHED", "THEN", "INSERT"]) cursor.expect(word, "in MERGE");
  const columns = cursor.is("(") && cursor.isIdentifier(cursor.peek()) ? cursor.identifierList() : [];
  const bracket = cursor.accept("(");
  cursor.expect("VALUES", "in MERGE");
  const values = parseRow(cursor);
  if (bracket) cursor.expect(")");
  return { columns, values };
}
