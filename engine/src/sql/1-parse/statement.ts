/** One statement of a script, by its first words. */
import type { CreateView, InsertInto, Statement } from "./ast.ts";
import { parseCreateTable } from "./create-table.ts";
import type { Cursor } from "./cursor.ts";
import { parseQuery } from "./query.ts";
import { SqlError } from "./sql-error.ts";

const KNOWN_ELSEWHERE = [
  "ALTER",
  "SHOW",
  "DESCRIBE",
  "DESC",
  "USE",
  "EXPLAIN",
  "RESET",
  "ADD",
  "LOAD",
  "UNLOAD",
  "CALL",
  "UPDATE",
  "DELETE",
  "ANALYZE",
];

export function parseStatement(cursor: Cursor): Statement {
  const start = cursor.token;
  if (cursor.accept("CREATE")) {
    if (cursor.is("OR", "REPLACE")) throw unsupported(cursor, "CREATE OR REPLACE");
    const temporary = cursor.accept("TEMPORARY");
    if (cursor.accept("TABLE")) return parseCreateTable(cursor, start, temporary);
    if (cursor.accept("VIEW")) return parseCreateView(cursor, start, temporary);
    if (cursor.is("FUNCTION") || cursor.is("CATALOG") || cursor.is("DATABASE") || cursor.is("MODEL")) {
      throw unsupported(cursor, `CREATE ${cursor.token.upper}`);
    }
    throw cursor.unexpected("TABLE or VIEW", "after CREATE");
  }
  if (cursor.is("INSERT")) return parseInsert(cursor);
  if (cursor.is("EXECUTE", "STATEMENT", "SET") || cursor.is("BEGIN", "STATEMENT", "SET")) {
    const begin = cursor.next().upper === "BEGIN";
    cursor.next();
    cursor.next();
    if (begin) cursor.accept(";");
    else cursor.expect("BEGIN");
    const inserts: InsertInto[] = [];
    while (!cursor.is("END")) {
      inserts.push(parseInsert(cursor));
      if (!cursor.accept(";")) break;
    }
    cursor.expect("END", "to close the statement set");
    return { kind: "statementSet", inserts, span: cursor.spanFrom(start) };
  }
  if (cursor.accept("EXECUTE")) return parseInsert(cursor);
  if (cursor.accept("SET")) {
    const key = cursor.string("an option in quotes");
    cursor.expect("=");
    const value = cursor.string("the option's value in quotes");
    return { kind: "setOption", key: key.text, value: value.text, keySpan: key, valueSpan: value, span: cursor.spanFrom(start) };
  }
  if (cursor.accept("DROP")) {
    cursor.accept("TEMPORARY");
    const what = cursor.accept("VIEW") ? "VIEW" : "TABLE";
    if (what === "TABLE") cursor.expect("TABLE");
    const ifExists = cursor.accept("IF", "EXISTS");
    return { kind: "drop", what, ifExists, path: cursor.path(), span: cursor.spanFrom(start) };
  }
  if (cursor.is("SELECT") || cursor.is("WITH") || cursor.is("VALUES") || cursor.is("(")) {
    const query = parseQuery(cursor);
    return { kind: "queryStatement", query, span: cursor.spanFrom(start) };
  }
  if (start.kind === "word" && KNOWN_ELSEWHERE.includes(start.upper)) throw unsupported(cursor, start.upper);
  throw cursor.unexpected("a statement", undefined, "CREATE TABLE, CREATE VIEW, INSERT INTO, SET or SELECT.");
}

function unsupported(cursor: Cursor, what: string): SqlError {
  return new SqlError("parse", "SQL_UNSUPPORTED_STATEMENT", `${what} is not available here.`, cursor.token, {
    found: what,
    expected: "CREATE TABLE, CREATE VIEW, INSERT INTO, SET or SELECT",
  });
}

function parseCreateView(cursor: Cursor, start: { start: number; end: number }, temporary: boolean): CreateView {
  const ifNotExists = cursor.accept("IF", "NOT", "EXISTS");
  const path = cursor.path("the view's name");
  const columns = cursor.is("(") ? cursor.identifierList() : [];
  if (cursor.accept("COMMENT")) cursor.string("the comment in quotes");
  cursor.expect("AS");
  const query = parseQuery(cursor);
  return { kind: "createView", temporary, ifNotExists, path, columns, query, span: cursor.spanFrom(start) };
}

function parseInsert(cursor: Cursor): InsertInto {
  const start = cursor.token;
  cursor.expect("INSERT");
  if (cursor.is("OVERWRITE")) throw unsupported(cursor, "INSERT OVERWRITE");
  cursor.expect("INTO", "after INSERT");
  const path = cursor.path("the table to insert into");
  const columns = cursor.is("(") && cursor.isIdentifier(cursor.peek()) ? cursor.identifierList() : [];
  const query = parseQuery(cursor);
  return { kind: "insert", path, columns, query, span: cursor.spanFrom(start) };
}
